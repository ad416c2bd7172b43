"""The bilan and the compte de résultat of règlement ANC 2018-06, and what the CARE ledger adds to them, written from
the regulation's models, its charts and the CARE model: hledger's balances in, rows out (JSON)."""
import csv, io, json, re, sys
from collections import defaultdict

# Art. 421-1: a row, the accounts that make it, and after / what is deducted from them. The longest number wins over the
# whole bilan; D or C takes an account (a third party, where there are some) only when its own balance is on that side.
ACTIF = """
frais_d_etablissement: 201 / 2801 2901
frais_de_recherche_et_de_developpement: 203 / 2803 2903
donations_temporaires_d_usufruit: 204 / 2804 2904
concessions_brevets_licences: 205 / 2805 2905
autres_immobilisations_incorporelles: 206 207 208 / 280 290
immobilisations_incorporelles_en_cours: 232 234 / 2932
avances_et_acomptes_incorporels: 237 /
terrains: 211 212 / 2811 2812 2911 2912
constructions: 213 214 / 2813 2814 2913 2914
installations_techniques_materiel_et_outillage_industriels: 215 / 2815 2915
autres_immobilisations_corporelles: 218 22 / 281 291 282 292
immobilisations_corporelles_en_cours: 231 235 / 293
avances_et_acomptes_corporels: 238 /
biens_recus_par_legs_ou_donations_destines_a_etre_cedes: 24 / 294
participations_et_creances_rattachees: 25 26 / 296
autres_titres_immobilises: 271 272 273 277 / 2971 2972 2973 2977
prets: 274 / 2974
autres_immobilisations_financieres: 275 276 278 / 297
projets_de_preservation: C23 / C29
emplois_capital_*: C21* / C281*
= total_actif_immobilise
stocks_et_en_cours: 31 32 33 34 35 36 37 38 / 39
avances_et_acomptes_verses_sur_commandes: 4091 /
creances_clients: 41D / 491
creances_recues_par_legs_ou_donations: 461D /
autres_creances: 40D 419D 42D 43D 44D 45D 462D 464D 465D 466D 467D 468D 471D 472D 473D 478D 48D / 492 493 495 496
valeurs_mobilieres_de_placement: 50 / 590
instruments_de_tresorerie: 52D /
disponibilites: 511D 512D 514D 515D 516D 517D 518D 53D 54D 58D / 59
charges_constatees_d_avance: 486 /
= total_actif_circulant
frais_d_emission_des_emprunts: 481 /
primes_de_remboursement_des_emprunts: 169 /
ecarts_de_conversion_actif: 474 476 4786 /
= total_general
"""
PASSIF = """
sans_droit_de_reprise_statutaires: 1021 1022 1023
sans_droit_de_reprise_complementaires: 102
avec_droit_de_reprise_statutaires: 1032
avec_droit_de_reprise_complementaires: 103
ecarts_de_reevaluation: 105
reserves_statutaires_ou_contractuelles: 1063
reserves_pour_projet_de_l_entite: 1068
autres_reserves: 106
report_a_nouveau: 11 C11
resultat_en_instance: 12
excedent_ou_deficit: 6 7 C6 C7
= situation_nette
fonds_propres_consomptibles: 108
subventions_d_investissement: 13
provisions_reglementees: 14
= total_fonds_propres
fonds_reportes_lies_aux_legs_ou_donations: 191
fonds_dedies: 19
= total_fonds_reportes_et_dedies
provisions_pour_risques: 151
provisions_pour_charges: 15
= total_provisions
emprunts_obligataires_et_assimiles: 161 163
emprunts_et_dettes_aupres_des_etablissements_de_credit: 164 519 5181 5186 511C 512C 514C 515C 516C 517C 518C 53C 54C 58C
emprunts_et_dettes_financieres_diverses: 162 165 166 167 168 17 18
avances_et_acomptes_recus_sur_commandes: 4191
dettes_fournisseurs: 40C
dettes_des_legs_ou_donations: 466C
dettes_fiscales_et_sociales: 42C 43C 44C
dettes_sur_immobilisations_et_comptes_rattaches: 229 269 279 404C 405C 4084C
autres_dettes: 41C 45C 461C 462C 464C 465C 467C 468C 471C 472C 473C 478C 48C 509
instruments_de_tresorerie: 52C
produits_constates_d_avance: 487
dette_climat_evitement: C1711
dette_climat_sequestration: C1712
dette_climat_irrecouvrable: C172
dettes_capital_*: C18*
= total_dettes
ecarts_de_conversion_passif: 475 477 4747 4787
= total_general
"""
# Before 2025, 475 is one more account that waits (PCG, art. 944-47).
WAITS = {"475D": ("actif", "autres_creances", "brut"), "475C": ("passif", "autres_dettes", "n")}
# Art. 422-1, the list of produits (+) and charges (-); where the chart of 2022 changes a row, it follows |.
RESULTAT = """
+ cotisations: 756
+ ventes_de_biens: 701 702 703 707 7091 7092 7097
+ ventes_de_prestations_de_service: 70
+ concours_publics_et_subventions_d_exploitation: 73 74 | 73 740 741 742
+ versements_des_fondateurs: 753
+ dons_manuels: 7541
+ mecenats: 7542
+ legs_donations_et_assurances_vie: 754 653 7754 6754 78164 68164 7891 6891 | 754 653 7571 6521 78164 68164 7891 6891
+ contributions_financieres: 755
+ reprises_et_transferts_de_charges: 781 791 | 781
+ utilisations_des_fonds_dedies: 789
+ autres_produits: 71 72 75 | 71 72 75 747
+ produits_des_cessions: | 757
= total_produits_exploitation
- achats_de_marchandises: 607 6097
- variation_de_stock: 603
- autres_achats_et_charges_externes: 60 61 62
- aides_financieres: 657
- impots_taxes_et_versements_assimiles: 63
- salaires_et_traitements: 64
- charges_sociales: 645 646 647
- dotations_aux_amortissements_et_aux_depreciations: 681
- dotations_aux_provisions: 6815
- reports_en_fonds_dedies: 689
- autres_charges: 65 | 65 6573
- valeurs_comptables_des_cessions: | 652
= total_charges_exploitation
+ produits_de_participation: 761
+ produits_des_autres_valeurs_mobilieres: 762
+ autres_interets_et_produits_assimiles: 763 764 765 768
+ reprises_financieres: 786 796 | 786
+ differences_positives_de_change: 766
+ produits_nets_sur_cessions_de_vmp: 767
+ produits_des_cessions_financieres: | 7671
= total_produits_financiers
- dotations_financieres: 686
- interets_et_charges_assimilees: 661 664 665 668
- differences_negatives_de_change: 666
- charges_nettes_sur_cessions_de_vmp: 667
- valeurs_comptables_des_cessions_financieres: | 6671
= total_charges_financieres
+ produits_exceptionnels: 770 771 772 | 77 787
+ produits_exceptionnels_sur_operations_en_capital: 774 775 777 778 |
+ reprises_exceptionnelles: 787 797 |
= total_produits_exceptionnels
- charges_exceptionnelles: 671 672 | 67 687
- charges_exceptionnelles_sur_operations_en_capital: 673 674 675 678 |
- dotations_exceptionnelles: 687 |
= total_charges_exceptionnelles
- participation_des_salaries: 691
- impots_sur_les_benefices: 69
= impots
+ extinctions_par_depense: C781
+ transferts_vers_projets: C791
+ effet_prix_produits: C786
+ ecarts_projets_produits: C787
+ reprises_projets: C7873
= capitaux_ecologiques_produits
- consommation_climat_recouvrable: C6811
- consommation_climat_irrecouvrable: C6812
- consommation_capital_*: C68*
- effet_prix_charges: C686
- ecarts_projets_charges: C687
- pertes_ecologiques: C6871 C6872 C6873
- presentation_en_stock: C680
= capitaux_ecologiques_charges
+ dons_en_nature: 870
+ prestations_en_nature: 871
+ benevolat: 875
= total_contributions_volontaires
- secours_en_nature: 860
- mises_a_disposition_gratuite_de_biens: 861
- prestations_en_nature_emplois: 862
- personnel_benevole: 864
= total_emplois_des_contributions
"""
# What the chart of 2022 dropped, and where its balance goes; any other number goes to the account that it divided.
RENUMBERED = {"4387": "439", "4786": "474", "4787": "475", "4747": "4756", "54": "53", "25": "26"}
RENUMBERED |= {"16881": "1618", "16884": "1648", "16885": "1658", "16886": "1668"}
RENUMBERED |= {gone: "512" for gone in ("514", "515", "516")}
RENUMBERED |= {gone: "148" for gone in ("142", "144", "146", "147")} | {gone: "158" for gone in ("154", "156")}


def lines(text):
    """Each row; a star stands for each of the capitals that an entity may have beside the climate."""
    for line in text.strip().split("\n"):
        yield from [line.replace("*", capital) for capital in "234589"] if "*" in line else [line]


def bilan_table(recent):
    table = {} if recent else dict(WAITS)
    for side, text in ("actif", ACTIF), ("passif", PASSIF):
        for line in lines(text):
            if line[0] != "=":
                row, accounts = line.split(":")
                for column, numbers in zip(("brut", "amort") if side == "actif" else ("n",), accounts.split("/")):
                    table |= {number: (side, row, column) for number in numbers.split() if number not in table}
    return table if recent else {number: place for number, place in table.items() if number != "475"}


def resultat_table(recent):
    table = {}
    for line in lines(RESULTAT):
        if line[0] != "=":
            row, accounts = line[2:].split(":")
            both = accounts.split("|")
            table |= {number: row for number in both[recent if len(both) > 1 else 0].split()}
    return table


BILAN, LIST = [bilan_table(recent) for recent in (False, True)], [resultat_table(recent) for recent in (False, True)]


def place(table, number, debit):
    """That of the longest beginning of the number which takes this side."""
    for end in range(len(number), 0, -1):
        for selector in number[:end] + ("D" if debit > 0 else "C"), number[:end]:
            if selector in table:
                return table[selector]
    raise SystemExit(f"{number} has no row")


def of_result(number):
    return number.lstrip("C")[0] in "67"


def bilan(balances, recent):
    cells, found = defaultdict(int), {}
    for (number, _), debit in balances.items():
        if number[0] != "8" and debit:
            side, row, column = place(BILAN[recent], number, debit)
            cells[side, row, column] += debit if column == "brut" else -debit
    for side, text, columns in ("actif", ACTIF, ("brut", "amort")), ("passif", PASSIF, ("n",)):
        for column in columns:
            part = whole = 0
            for line in lines(text):
                row = line[2:] if line[0] == "=" else line.split(":")[0]
                part, whole = part + cells[side, row, column], whole + cells[side, row, column]
                amount = cells[side, row, column]
                if line[0] == "=":
                    # The situation nette is within the total of the fonds propres.
                    amount = whole if row in ("total_general", "total_fonds_propres") else part
                    part = 0
                found.setdefault(f"bilan.{side}.{row}", {})[column] = amount
        for row in found.values() if side == "actif" else ():
            row["net"] = row["brut"] - row["amort"]
    return found


def resultat(balances, recent):
    cells, found, part = defaultdict(int), {}, 0
    for (number, _), debit in balances.items():
        if debit and (of_result(number) or number[:2] in ("86", "87")):
            cells[place(LIST[recent], number, debit)] -= debit
    for line in lines(RESULTAT):
        if line[0] == "=":
            found[line[2:]], part = part, 0
        else:
            row = line[2:].split(":")[0]
            found[row] = cells[row] if line[0] == "+" else -cells[row]
            part += found[row]
    gained = [found[f"total_produits_{part}"] for part in ("exploitation", "financiers", "exceptionnels")]
    spent = [found[f"total_charges_{part}"] for part in ("exploitation", "financieres", "exceptionnelles")]
    apart = found["capitaux_ecologiques_produits"] - found["capitaux_ecologiques_charges"]
    for row, rank in ("resultat_exploitation", 0), ("resultat_financier", 1), ("resultat_exceptionnel", 2):
        found[row] = gained[rank] - spent[rank]
    found["resultat_courant"] = found["resultat_exploitation"] + found["resultat_financier"]
    found["total_produits"], found["total_charges"] = sum(gained), sum(spent) + found.pop("impots")
    found["excedent_ou_deficit"] = found["total_produits"] - found["total_charges"] + apart
    return {f"resultat.liste.{row}": {"n": amount} for row, amount in found.items()}


def opened(closing, passage, shadow):
    """What a year leaves to the next: the balance sheet, and the result in 120, in 129 or in C110."""
    opening, result = defaultdict(int), 0
    for (number, party), debit in closing.items():
        if of_result(number):
            result += debit
        elif number[0] != "8":
            opening[passage(number), party] += debit
    opening["C110" if shadow else "120" if result < 0 else "129", ""] += result
    return opening


def balances(text, years):
    """hledger's changes, month by month, as those of each year: by number and third party, in cents."""
    reader = csv.reader(io.StringIO(text))
    of_month = [sum(first <= f"{month}-01" for first in years) - 1 for month in next(reader)[1:]]
    changes = [defaultdict(int) for _ in years]
    for name, *amounts in reader:
        root, _, party = name.partition(":")
        for year, amount in zip(of_month, amounts):
            euros, _, cents = amount.removesuffix(" €").replace(" ", "").partition(",")
            changes[year][root.split(" ")[0], party] += int(euros + cents) if cents else int(euros) * 100
    return changes


def a_book(book):
    years, chart = book["years"], set(book["chart_of_2022"])
    real, both = balances(book["real"], years), balances(book["both"], years)

    def passage(number):
        if number == "475":
            return "471"  # It means something else since 2025: what waited goes on waiting; a declared one stays.
        if number[0] == "C" or number in chart:
            return number
        before = next((number[:end] for end in range(len(number), 1, -1) if number[:end] in RENUMBERED), None)
        number = RENUMBERED.get(before, number)
        while number not in chart:
            number = number[:-1]
        return number

    told = {"classique": [], "care": []}
    for rank, first in enumerate(years):
        recent = first >= "2025"
        move = passage if recent and rank and years[rank - 1] < "2025" else lambda number: number
        # The shadow ledger is what the brackets hold; it opens by itself.
        ledgers = real[rank], defaultdict(int)
        for key, debit in both[rank].items():
            ledgers[1][key] += debit - real[rank].get(key, 0)
        for shadow, ledger in enumerate(ledgers):
            for key, debit in opened(before[shadow], move, shadow).items() if rank else ():
                ledger[key] += debit
        before = ledgers
        care = defaultdict(int, ledgers[0])
        for key, debit in ledgers[1].items():
            care[key] += debit
        for view, ledger in ("classique", ledgers[0]), ("care", care):
            rows = bilan(ledger, recent) | resultat(ledger, recent)
            assert rows["bilan.actif.total_general"]["net"] == rows["bilan.passif.total_general"]["n"], "actif, passif"
            assert rows["bilan.passif.excedent_ou_deficit"] == rows["resultat.liste.excedent_ou_deficit"], "result"
            for key, row in rows.items() if rank else ():
                last = told[view][-1][key]
                row["net_n1" if "net" in row else "n1"] = last["net" if "net" in last else "n"]
            told[view].append(rows)
    return told


def shown(cents):
    """Exact, then in euros: a half goes away from zero."""
    euros = (abs(cents) + 50) // 100
    return [f"{'-' * (cents < 0)}{abs(cents) // 100}.{abs(cents) % 100:02}", f"{'-' * (cents < 0 < euros)}{euros}"]


def printed(rows):
    return {key: {column: shown(cents) for column, cents in row.items()} for key, row in rows.items()}


books = [a_book(book) for book in json.load(sys.stdin)]
print(json.dumps([{view: [printed(rows) for rows in years] for view, years in book.items()} for book in books]))
