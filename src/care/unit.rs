use rust_decimal::Decimal;

/// What a unit measures: quantities of one nature convert into each other, and into nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// Passengers carried over a distance.
    PassengerDistance,
    /// A distance driven or ridden.
    Distance,
    /// Energy.
    Energy,
    /// A volume.
    Volume,
    /// A mass.
    Mass,
    /// Nights.
    Nights,
    /// Meals.
    Meals,
    /// Days.
    Days,
    /// Hours.
    Hours,
    /// Things.
    Items,
    /// E-mails.
    Messages,
    /// Data kept for a year.
    Data,
    /// An area.
    Area,
    /// People at work for a year.
    Staff,
    /// Money spent, excluding tax.
    Money,
    /// Emissions measured as such.
    Emissions,
}

impl Nature {
    /// What a reader sees.
    pub fn name(self) -> &'static str {
        match self {
            Self::PassengerDistance => "des passagers-kilomètres",
            Self::Distance => "une distance",
            Self::Energy => "une énergie",
            Self::Volume => "un volume",
            Self::Mass => "une masse",
            Self::Nights => "des nuits",
            Self::Meals => "des repas",
            Self::Days => "des jours",
            Self::Hours => "des heures",
            Self::Items => "des unités",
            Self::Messages => "des courriels",
            Self::Data => "des données gardées un an",
            Self::Area => "une surface",
            Self::Staff => "des personnes",
            Self::Money => "une dépense",
            Self::Emissions => "des émissions",
        }
    }
}

/// A unit of activity: what it measures, and how many base units it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivityUnit {
    /// What it measures.
    pub nature: Nature,
    /// How many base units of that nature, as a decimal power: 3 is a thousand.
    power: i32,
}

/// Every unit that an activity or a factor may have.
const UNITS: [(&str, Nature, i32); 27] = [
    ("pkm", Nature::PassengerDistance, 0),
    ("km", Nature::Distance, 0),
    ("m", Nature::Distance, -3),
    ("kWh", Nature::Energy, 0),
    ("MWh", Nature::Energy, 3),
    ("Wh", Nature::Energy, -3),
    ("L", Nature::Volume, 0),
    ("m³", Nature::Volume, 3),
    ("kg", Nature::Mass, 0),
    ("g", Nature::Mass, -3),
    ("t", Nature::Mass, 3),
    ("nuit", Nature::Nights, 0),
    ("nuits", Nature::Nights, 0),
    ("repas", Nature::Meals, 0),
    ("jour", Nature::Days, 0),
    ("jours", Nature::Days, 0),
    ("h", Nature::Hours, 0),
    ("unité", Nature::Items, 0),
    ("unités", Nature::Items, 0),
    ("courriel", Nature::Messages, 0),
    ("courriels", Nature::Messages, 0),
    ("Go", Nature::Data, 0),
    ("To", Nature::Data, 3),
    ("m²", Nature::Area, 0),
    ("ETP", Nature::Staff, 0),
    ("€", Nature::Money, 0),
    ("k€", Nature::Money, 3),
];

/// The unit of emissions that someone measured, in kilograms and in tonnes.
const EMISSIONS: [(&str, i32); 2] = [("kgCO₂e", 0), ("tCO₂e", 3)];

impl ActivityUnit {
    /// The unit of that symbol.
    pub fn parse(symbol: &str) -> Option<Self> {
        if let Some((_, power)) = EMISSIONS.iter().find(|(known, _)| *known == symbol) {
            return Some(Self { nature: Nature::Emissions, power: *power });
        }
        let (_, nature, power) = UNITS.iter().find(|(known, _, _)| *known == symbol)?;
        Some(Self { nature: *nature, power: *power })
    }

    /// Every symbol, in the order of the list.
    pub fn symbols() -> impl Iterator<Item = &'static str> {
        UNITS
            .iter()
            .map(|(symbol, _, _)| *symbol)
            .chain(EMISSIONS.iter().map(|(symbol, _)| *symbol))
    }

    /// A quantity of this unit in another of the same nature; `None` across natures.
    pub fn convert(self, quantity: Decimal, to: Self) -> Option<Decimal> {
        if self.nature != to.nature {
            return None;
        }
        let power = self.power - to.power;
        let ten = Decimal::from(10_u64.pow(power.unsigned_abs()));
        if power >= 0 { quantity.checked_mul(ten) } else { Some(quantity / ten) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn natures_do_not_mix() {
        let (pkm, km) = (ActivityUnit::parse("pkm"), ActivityUnit::parse("km"));
        let (Some(pkm), Some(km)) = (pkm, km) else { panic!("both are units") };
        assert_eq!(km.convert(Decimal::TEN, pkm), None);
        assert_eq!(km.convert(Decimal::TEN, km), Some(Decimal::TEN));
        let (Some(kwh), Some(mwh)) = (ActivityUnit::parse("kWh"), ActivityUnit::parse("MWh"))
        else {
            panic!("both are units")
        };
        assert_eq!(mwh.convert(Decimal::TWO, kwh), Some(Decimal::from(2000)));
        assert_eq!(kwh.convert(Decimal::TWO, mwh), Some(Decimal::new(2, 3)));
        assert_eq!(ActivityUnit::parse("furlong"), None);
    }
}
