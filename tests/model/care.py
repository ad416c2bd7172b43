"""The CARE ledger from care-model.md and page 0012: worlds in, results out (JSON); asserts I2 to I7."""
import json, sys
from collections import Counter
from fractions import Fraction
from types import SimpleNamespace as Record
AVOIDED, REMOVED, LOST = CLASSES = ("evitement", "sequestration", "irrecouvrable")
ACCOUNTS = {("climat", AVOIDED): ("C1711", "C6811", "T171"), ("sol", AVOIDED): ("C1821", "C6821", None),
            ("climat", REMOVED): ("C1712", "C6811", "T171"), ("sol", REMOVED): ("C1821", "C6821", None),
            ("climat", LOST): ("C172", "C6812", "T172"), ("sol", LOST): ("C1822", "C6822", None)}
DEBTS = ("C1711", "C1712", "C172", "C1821", "C1822")
RESULTS = "C6811 C6812 C6821 C6822 C686 C786 C6871 C6872 C6873 C7873 C781 C787 C687 C791".split()
TONS = {"T10": 1, "T170": -1, "T171": -1, "T172": -1, "T173": -1, "T31": 1, "T32": 1}     # signs as shown
def rounded(x): return int((x + Fraction(1, 2)) // 1 if x >= 0 else -((Fraction(1, 2) - x) // 1))
def cents(euros): return rounded(Fraction(euros or 0) * 100)
def grams(tonnes): return rounded(Fraction(tonnes or 0) * 10**6)
def cents_per_gram(price): return None if price is None else Fraction(price) / 10**4
def shown(n, places=2): return f"{'-' * (n < 0)}{abs(n) // 10**places}.{abs(n) % 10**places:0{places}}"
def move(book, debit, credit, amount):                  # works have sub-accounts (C231.p1), soil no T account
    if debit and credit:
        book[debit] += amount
        book[credit] -= amount
def balance(book, *names): return sum(v for account, v in book.items() if account.split(".")[0] in names)
def measures(C): return C["158"], -balance(C, *DEBTS), balance(C, "C231", "C291"), balance(C, "C212", "C2812")
def accounts(lot): return ACCOUNTS[lot.capital, lot.kind]    # a lot without tonnes: 0 grams, no price
def new_lot(s, capital, kind, year, tonnes, price, amount, against, tons_against):
    price, amount = (price, rounded(tonnes * price)) if tonnes and price is not None else (None, amount)
    lot = Record(capital=capital, kind=kind, year=year, grams=tonnes, price=price, cents=amount, born=tonnes)
    move(s.C, against, accounts(lot)[0], amount)
    move(s.T, tons_against, accounts(lot)[2], tonnes)
    s.lots.append(lot)
def priced_lot(s, kind, year, tonnes, against, tons):               # of the climate, at the year's price
    new_lot(s, "climat", kind, year, tonnes, s.prices.get(("climat", year, kind)), 0, against, tons)
def policy_lot(s, lot, opened=False):
    capital, kind, tonnes, amount = lot["capital"], lot["class"], grams(lot["tonnes"]), cents(lot["amount"])
    consumption, price, year = ACCOUNTS[capital, kind][1], cents_per_gram(lot["price"]), int(lot["year"])
    price = Fraction(amount, tonnes) if price is None and tonnes and lot["amount"] else price
    span = 1 if opened or capital == "climat" else lot["use_years"] or 1
    against = "C110" if opened else "C212" if span > 1 else consumption
    new_lot(s, capital, kind, year, tonnes, price, amount, against, "T10" if opened else "T60")
    s.uses += [(year, span, s.lots[-1].cents, consumption)] if span > 1 else []
def settle(s, lot, euros_left, left, income, tons):                 # gives the euros extinguished
    euros, tonnes, lot.cents, lot.grams = lot.cents - euros_left, lot.grams - left, euros_left, left
    move(s.C, accounts(lot)[0], income, euros)
    move(s.T, accounts(lot)[2], tons, tonnes)
    return euros
def threshold(world, year):                             # a path runs from closing to closing
    rule = world["climate"]["threshold"] or {"fixed": "0"}
    level = rule.get("fixed") or Fraction(rule.get("per_fte", 0)) * Fraction(world["fte"].get(str(year), 0))
    path = sorted((int(at), Fraction(tonnes)) for at, tonnes in rule.get("path") or [(year, level)])
    at = min(max(year, path[0][0]), path[-1][0])
    (y0, t0), (y1, t1) = max(point for point in path if point[0] <= at), min(p for p in path if p[0] >= at)
    return grams(t0 + (t1 - t0) * Fraction(at - y0, y1 - y0 or 1))
def inventory(s, year, lines, shares):
    emitted = sum(rounded(Fraction(kilograms) * 1000) for kilograms in lines)
    beyond = max(0, emitted - threshold(s.world, year))
    move(s.T, "T60", "T170", emitted - beyond)
    parts = [divmod(beyond * Fraction(share) / 100, 1) for share in shares]             # grams, remainder
    largest = sorted(range(3), key=lambda i: -parts[i][1])[:beyond - sum(whole for whole, _ in parts)]
    for i, kind in enumerate(CLASSES):
        priced_lot(s, kind, year, parts[i][0] + (i in largest), ACCOUNTS["climat", kind][1], "T60")
def read_work(p, first):                                # kept = 1 - buffer, still = net tonnes expected
    kept, years = 1 - Fraction(p.get("buffer") or 0) / 100, p.get("years")
    lists = (p["verifications"], p.get("reversals", []), [{"date": p["failure"]}] if p.get("failure") else [])
    events = [(e["date"], kind, grams(e.get("tonnes"))) for kind, events in enumerate(lists) for e in events]
    before = sum(rounded(kept * gross) for day, kind, gross in events if kind == 0 and day < first)
    return Record(id=p["id"], kept=kept, still=rounded(kept * grams(p["tonnes"])) - before, events=events,
                  last=years and int(p["start"][:4]) + years - (p["start"][4:] in ("", "-01-01")),
                  levels=[(int(d["year"]), cents(d["amount"])) for d in p.get("depreciations", [])])
def draw(s, work, part):                                # gives the net cost, for the caller to credit to C231
    cost, fall = (rounded(s.C[f"{account}.{work.id}"] * part) for account in ("C231", "C291"))
    move(s.C, f"C291.{work.id}", f"C231.{work.id}", -fall)
    return cost + fall
def extinguish(s, work, drawn=0):                       # by the tonnes available; drawn is the net cost drawn
    available, paid, euros = f"T31.{work.id}", f"T173.{work.id}", 0
    move(s.T, paid, available, min(s.T[available], -s.T[paid]))
    for lot in s.lots:
        if s.T[available] and accounts(lot)[0] == "C1712" and lot.price is not None:
            left = max(0, lot.grams - s.T[available])
            euros += settle(s, lot, min(lot.cents, rounded(left * lot.price)), left, "C787", available)
    move(s.C, "C787", f"C231.{work.id}", min(euros, drawn))
    move(s.C, "C687", f"C231.{work.id}", max(0, drawn - euros))
def verify(s, work, year, gross):
    net, still = rounded(work.kept * gross), work.still
    work.still -= net
    move(s.T, f"T31.{work.id}", "T75", net)
    move(s.T, f"T32.{work.id}", "T75", gross - net)
    extinguish(s, work, draw(s, work, 1 if net >= still else Fraction(net, still)))
def reverse(s, work, year, gross):
    for account in (f"T32.{work.id}", f"T31.{work.id}"):
        gross -= (taken := min(gross, s.T[account]))
        move(s.T, "T65", account, taken)
    priced_lot(s, REMOVED, year, gross, "C6872", "T65")
def fail(s, work, year, _):                             # its end too: what it carries is lost
    move(s.C, "C6871", f"C231.{work.id}", draw(s, work, 1))
    priced_lot(s, REMOVED, year, -s.T[f"T173.{work.id}"], "C6872", f"T173.{work.id}")
    s.paid["climat", work.id] = s.tons["climat", work.id] = s.over["climat", work.id] = 0
def payments(s, lines, year):
    groups = Counter()                                  # in the order of their first day
    for line in sorted(lines, key=lambda line: line["date"]):
        groups[line["capital"], line["project"]] += cents(line["amount"])
    for key, amount in groups.items():
        account, climate = f"T173.{key[1]}", key[0] == "climat"
        s.tons[key] += s.T[account] * climate
        give_back(s, key, account, max(0, -amount), year)
        for lot in s.lots:
            if amount > 0 and lot.capital == key[0] and lot.kind != LOST and lot.cents:
                euros_left = max(0, lot.cents - amount)
                left = min(lot.grams, rounded(euros_left / lot.price)) if lot.price else lot.grams
                amount -= (euros := settle(s, lot, euros_left, left, "C781", account))
                s.paid[key] += euros
        s.over[key] += max(0, amount)
        s.tons[key] -= s.T[account] * climate
def give_back(s, key, account, amount, year):           # a refund is owed again, at most a cent a gram
    s.over[key] -= (spare := min(amount, s.over[key]))  # what paid no debt comes back first
    euros, there = min(amount - spare, s.paid[key]), -s.T[account] if key[0] == "climat" else 0
    back = min(there, rounded(Fraction(s.tons[key] + there) * euros / max(1, s.paid[key])))
    s.paid[key] -= euros
    new_lot(s, key[0], REMOVED, year, back * (euros <= back), Fraction(euros, back or 1), euros, "C6872", account)
def closing(s, year):                                   # steps 6 to 9; no work and no lot waits for another
    for work in s.works:
        for level in (level for at, level in work.levels if at == year):
            change = min(level, max(0, s.C[f"C231.{work.id}"])) + s.C[f"C291.{work.id}"]
            move(s.C, "C6873" if change > 0 else "C7873", f"C291.{work.id}", change)
        if work.last is not None and work.last <= year:
            fail(s, work, year, 0)
    for lot in s.lots:
        policy, (debt, _, tons) = s.world["climate" if lot.capital == "climat" else "soil"], accounts(lot)
        if lot.kind != LOST and policy["horizon"] is not None and year - lot.year >= policy["horizon"]:
            lot.kind = LOST
            move(s.C, debt, accounts(lot)[0], lot.cents)
            move(s.T, tons, accounts(lot)[2], lot.grams)
        price = s.prices.get((lot.capital, year, lot.kind))
        if policy["remeasured"] and lot.year < year and lot.grams and price is not None:
            change, lot.price = rounded(lot.grams * price) - lot.cents, price
            lot.cents += change
            move(s.C, "C686" if change > 0 else "C786", accounts(lot)[0], change)
    for start, span, whole, consumption in s.uses:
        used = [rounded(Fraction(whole * min(k, span), span)) for k in (year - start, year - start + 1)]
        move(s.C, consumption, "C2812", used[1] - used[0])
def a_year(s, year):
    given, opening = s.world["books"][str(year)], measures(s.C)
    sums = {key: sum(cents(x["amount"]) for x in given[key]) for key in ("provision", "payments", "works")}
    move(s.C, "158", "elimination", sums["provision"])                                  # 1
    for line in sorted(given["works"], key=lambda line: line["date"]):  # a refund: what is left, at most
        asset, worn = (f"{account}.{line['project']}" for account in ("C231", "C291"))
        move(s.C, asset, "C791", max(cents(line["amount"]), -s.C[asset] - s.C[worn]))
    if s.world["climate"]["shares"]:                                                    # 2
        inventory(s, year, given["emissions"], s.world["climate"]["shares"])
    for lot in (lot for lot in s.world["lots"] if int(lot["year"]) == year):
        policy_lot(s, lot)
    for work in s.works:                                                                # 3
        extinguish(s, work)
    payments(s, given["payments"], year)                                                      # 4
    events = [(day, rank, kind, t) for rank, work in enumerate(s.works) for day, kind, t in work.events]
    for day, rank, kind, gross in sorted(events, key=lambda event: event[:3]):          # 5
        if day[:4] == str(year):
            (verify, reverse, fail)[kind](s, s.works[rank], year, gross)
    closing(s, year)                                                                    # 6 to 9
    for account in ("T60", "T65", "T75"):
        move(s.T, "T10", account, s.T[account])
    return laws(s, year, cents(given["income"]) - cents(given["charges"]) - sum(sums.values()), *opening)
def laws(s, year, classic, P0, D0, W0, U0):             # gives the result of the year, and opens the next
    C, (P, D, W, U), own = s.C, measures(s.C), {account: s.C[account] for account in RESULTS}
    ran, ran_flux, own_result, m = s.ran, s.ran - C["C110"], -sum(own.values()), P - P0
    flux, ran_stock, stock = classic + own_result - C["elimination"], ran + P + W + U, classic - D
    equity, care = ran + classic, ran_flux + flux
    tons = {account: sign * balance(s.T, account) for account, sign in TONS.items()}
    for law, holds in {
            "I2": equity + P + W + U == care + D and sum(sign * tons[t] for t, sign in TONS.items()) == 0,
            "I3": care == equity + P - D + W + U == ran_stock + stock,
            "I4": flux == classic + m - (D - D0) + W - W0 + U - U0 == classic + m + own_result,
            "I5": stock == flux - m - D0 - (W - W0) - (U - U0),
            "I6": all(abs(x.cents - x.grams * x.price) <= max(1, x.price / 2) for x in s.lots if x.price),
            "I7": all(x.cents >= 0 <= x.grams <= x.born for x in s.lots)
            and all(-C[debt] == sum(x.cents for x in s.lots if accounts(x)[0] == debt) for debt in DEBTS)
            and all(tons[t] == sum(x.grams for x in s.lots if accounts(x)[2] == t) for t in ("T171", "T172")),
            "RAN": ran_flux == ran + P0 - D0 + W0 + U0}.items():
        assert holds, f"law {law}: world {s.rank}, year {year}"
    for account in RESULTS + ["elimination"]:
        move(C, "C110", account, C[account])
    s.ran = equity
    figures = dict(P=P, W=W, U=U, R_classic=classic, R_flux=flux, R_stock=stock, RAN_classic=ran,
                   RAN_flux=ran_flux, RAN_stock=ran_stock, E_classic=equity, E_care=care)
    return {"year": str(year), **{name: shown(figure) for name, figure in figures.items()},
            "D": {debt: shown(-C[debt]) for debt in DEBTS},
            "result": {account: shown(amount) for account, amount in own.items() if amount},
            "T": {account: shown(amount, 3) for account, amount in tons.items()}}
def a_world(rank, world):
    prices = {(p["capital"], int(p["year"]), p["class"]): cents_per_gram(p["euros"]) for p in world["prices"]}
    credits = [dict(c, verifications=[c], years=1, start=c["date"][:4]) for c in world["credits"]]
    works = [read_work(p, world["years"][0]) for p in world["projects"] + credits]
    s = Record(rank=rank, world=world, prices=prices, works=works, lots=[], uses=[], C=Counter(), T=Counter(),
               paid=Counter(), tons=Counter(), over=Counter(), ran=cents(world["opening"]["carried"]))
    move(s.C, "158", "C110", cents(world["opening"]["provision"]))                      # C-OPEN
    for project in world["projects"]:
        move(s.C, f"C231.{project['id']}", "C110", cents(project["cost_before"]))
    for lot in sorted((lot for lot in world["lots"] if lot["year"] < world["years"][0]), key=lambda lot: lot["year"]):
        policy_lot(s, lot, opened=True)
    return [a_year(s, int(year)) for year in world["years"]]
print(json.dumps([a_world(rank, world) for rank, world in enumerate(json.load(sys.stdin))], indent=1))
