/// A unit of account or of nature, by its place in [`Units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit(u8);

impl Unit {
    /// The euro, the only unit of the classic ledger (C. com. art. L123-22).
    pub const EURO: Self = Self(0);
    /// The kilogram of CO₂ equivalent, the unit of book T.
    pub const KG_CO2E: Self = Self(1);

    /// The rank of meeting, to index a table of units.
    pub fn rank(self) -> usize {
        usize::from(self.0)
    }
}

/// Every unit that a run has met: the euro and the kgCO₂e, then the others in order of meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units {
    names: Vec<String>,
}

impl Default for Units {
    fn default() -> Self {
        Self { names: vec!["€".to_owned(), "kgCO₂e".to_owned()] }
    }
}

impl Units {
    /// The unit of that written symbol, remembered if it is new; `None` when 256 others are known.
    pub fn meet(&mut self, symbol: &str) -> Option<Unit> {
        if let Some(known) = self.names.iter().position(|name| name == symbol) {
            return u8::try_from(known).ok().map(Unit);
        }
        let next = u8::try_from(self.names.len()).ok()?;
        self.names.push(symbol.to_owned());
        Some(Unit(next))
    }

    /// Every unit known, in order of meeting.
    pub fn all(&self) -> impl Iterator<Item = Unit> {
        (0..self.names.len()).filter_map(|rank| u8::try_from(rank).ok().map(Unit))
    }

    /// The symbols of every unit known, in order of meeting.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The symbol as journals write it: `€`, `kgCO₂e`, `pkm`.
    pub fn symbol(&self, unit: Unit) -> &str {
        &self.names[usize::from(unit.0)]
    }

    /// The ASCII code that machines read: `EUR`, `kgCO2e`, else the symbol itself.
    pub fn code(&self, unit: Unit) -> &str {
        match unit {
            Unit::EURO => "EUR",
            Unit::KG_CO2E => "kgCO2e",
            other => self.symbol(other),
        }
    }
}
