use super::catalogue::catalogue;

catalogue! {
    /// Bytes that are not UTF-8.
    Encoding = "E0101", "octets qui ne sont pas de l’UTF-8", "Un journal est un fichier UTF-8. Un fichier Latin-1, Windows-1252 ou UTF-16 afficherait d’autres lettres selon la machine. Convertissez-le, par exemple avec `iconv -f WINDOWS-1252 -t UTF-8`, ou enregistrez-le en UTF-8 depuis l’éditeur.";
    /// An invisible or bidirectional character in an account name.
    Invisible = "E0102", "caractère invisible dans un nom de compte", "Un caractère de largeur nulle ou de changement de sens d’écriture fait paraître égaux deux noms différents, ou montre autre chose que ce qui est lu. Effacez-le : retapez le nom.";
    /// A line of more than 64 KiB.
    LongLine = "E0103", "ligne trop longue", "Aucune écriture n’a de ligne de plus de 64 Kio : le fichier est sans doute d’une autre nature, ou ses fins de ligne sont perdues.";
    /// A file with nothing in it.
    BlankFile = "E0104", "fichier vide", "Un journal commence par `decimal-mark ,`. Un fichier vide est le plus souvent un enregistrement manqué : restaurez-le, ou retirez-le des inclusions.";
    /// A merge conflict marker.
    ConflictMarker = "E0105", "marque de conflit de fusion", "Une fusion (git) s’est arrêtée ici et a laissé deux versions. Choisissez la bonne, et effacez les lignes `<<<<<<<`, `=======` et `>>>>>>>`.";
    /// An amount before any decimal-mark.
    NoDecimalMark = "E0106", "marque décimale non déclarée", "Chaque fichier qui porte des montants commence par `decimal-mark ,`. Sans elle, hledger devine, et applique la marque du fichier qui inclut : le même fichier voudrait dire deux choses.";
    /// A decimal mark other than the comma.
    DecimalMark = "E0107", "marque décimale autre que la virgule", "Les montants de compta s’écrivent à la française : `1 234,56 €`. Écrivez `decimal-mark ,`.";
    /// A day that the calendar does not have.
    NoSuchDay = "E0108", "date qui n’existe pas", "Le jour ou le mois n’est pas au calendrier : le 29 février n’existe que les années bissextiles, et avril a trente jours.";
    /// A date that is not written year-month-day.
    DateForm = "E0109", "date mal écrite", "Une date s’écrit AAAA-MM-JJ, année comprise : `2024-03-12`. Les dates sans année et les autres ordres se lisent de deux façons.";
    /// A first line of an entry that cannot be read.
    Header = "E0110", "première ligne d’écriture illisible", "La première ligne d’une écriture s’écrit `AAAA-MM-JJ * (JOURNAL-NUMÉRO) Tiers | libellé   ; étiquette: valeur`. La marque et le code sont facultatifs.";
    /// An amount that cannot be read.
    Amount = "E0111", "montant illisible", "Un montant s’écrit `1 234,56 €` : chiffres, espace ordinaire entre les milliers, virgule, unité. Le signe moins se colle au premier chiffre.";
    /// A letter where a digit should be.
    LetterInNumber = "E0112", "lettre dans un nombre", "La lettre O ressemble au zéro, et l ou I au un. Retapez le nombre avec des chiffres.";
    /// A no-break space inside a number.
    NoBreakSpace = "E0113", "espace insécable dans un nombre", "hledger refuse l’espace insécable (U+00A0) et l’espace fine (U+202F) entre les milliers. `compta fmt` les remplace par des espaces ordinaires.";
    /// A typographic minus sign.
    TrueMinus = "E0114", "signe moins typographique", "hledger ne connaît que le trait d’union `-`. `compta fmt` remplace le signe moins (U+2212).";
    /// Digits grouped otherwise than by three.
    DigitGroups = "E0115", "groupes de chiffres ambigus", "Les milliers se séparent par trois, ou pas du tout : `12 345,00` ou `12345,00`. `12 34,00` peut être 1 234 ou deux nombres.";
    /// A decimal point under a comma mark.
    DecimalPoint = "E0116", "point dans un nombre", "Sous `decimal-mark ,`, le point n’a pas de sens certain : `1.234` est mille deux cent trente-quatre pour les uns, un virgule deux pour les autres. Écrivez la virgule, ou l’espace des milliers.";
    /// A comma without decimals.
    DanglingComma = "E0117", "virgule sans décimales", "Il manque des chiffres après la virgule : écrivez `12,00`, ou retirez la virgule.";
    /// Exponent notation.
    Exponent = "E0118", "notation exponentielle", "Un livre de comptes s’écrit en chiffres : `1e3` est `1 000`.";
    /// A number with too many digits.
    HugeNumber = "E0119", "nombre hors des limites", "Un nombre a au plus 12 chiffres avant la virgule, 8 après, 17 en tout. Au-delà, c’est une faute de frappe.";
    /// An amount without a unit.
    NoUnit = "E0120", "unité absente", "Chaque montant porte son unité : `184,00 €`, `1 140 pkm`. `compta fmt` ajoute le signe € qui manque.";
    /// A unit that cannot be written so.
    UnitForm = "E0121", "unité mal écrite", "Une unité suit le nombre et s’écrit en lettres, sans guillemets ni chiffres : `€`, `pkm`, `kgCO₂e`. `compta fmt` corrige `EUR` et `kgCO2e`.";
    /// One space, or a tab, between the account and the amount.
    Gap = "E0122", "intervalle entre le compte et le montant", "Deux espaces au moins séparent le compte du montant ; un seul, ou une tabulation, ferait du montant un morceau du nom. `compta fmt` les pose.";
    /// A line of an entry that cannot be read.
    Posting = "E0123", "ligne d’écriture illisible", "Une ligne s’écrit `    NUMÉRO Libellé   MONTANT UNITÉ` ; entre crochets `[C172 …]` pour le livre CARE, entre parenthèses `(train-tgv)` pour une activité.";
    /// An indented line that belongs to no entry.
    Stray = "E0124", "ligne en retrait hors d’une écriture", "Une ligne en retrait appartient à l’écriture qui la précède. Rattachez-la, ou commentez-la avec `;`.";
    /// An entry without any line.
    NoPosting = "E0125", "écriture sans ligne", "Une écriture a au moins deux lignes qui s’équilibrent. Complétez-la ou effacez-la.";
    /// An include that matches no file.
    IncludeMissing = "E0126", "fichier inclus introuvable", "Le chemin d’une inclusion part du dossier du fichier qui la contient. `*` et `?` valent dans un nom ; un motif sans fichier est une erreur, car il perdrait des écritures en silence.";
    /// Files that include each other.
    IncludeCycle = "E0127", "inclusion en boucle", "Un fichier s’inclut lui-même, directement ou par d’autres. Retirez une des inclusions.";
    /// An include that leaves the folder.
    IncludeEscape = "E0128", "inclusion hors du dossier", "Les livres tiennent dans un dossier : ni chemin absolu, ni `~`, ni `..` qui en sorte, ni lien qui mène ailleurs. Copiez le fichier dans le dossier.";
    /// A file that is included twice.
    IncludeTwice = "E0129", "fichier inclus deux fois", "Les écritures du fichier compteraient double. Gardez une seule inclusion.";
    /// Files that include each other too deeply.
    IncludeDepth = "E0130", "inclusions trop profondes", "Un fichier en inclut un autre, qui en inclut un autre… au-delà de trente-deux niveaux. Incluez les fichiers depuis un seul journal principal.";
    /// An automated posting rule.
    AutoPosting = "E0140", "écriture automatique (=)", "Une règle `= requête` ajoute des lignes que personne n’a écrites. Écrivez les lignes, ou confiez-les à un registre de compta.";
    /// An alias directive.
    Alias = "E0141", "alias", "Un alias change le nom des comptes en cours de lecture. Écrivez le compte lui-même ; `compta fmt` corrige les libellés.";
    /// A balance assignment.
    Assignment = "E0142", "affectation de solde", "Un solde imposé (`= 100,00 €` sans montant) ferait inventer le mouvement. Écrivez le montant, puis l’assertion : `12,00 €  = 100,00 €`.";
    /// An apply directive.
    Apply = "E0143", "directive apply", "`apply` change le sens des lignes qui suivent, parfois d’un autre fichier. Écrivez chaque ligne en entier.";
    /// A default year.
    DefaultYear = "E0144", "année par défaut", "Les dates portent leur année : `2024-03-12`. Retirez la directive `Y` ou `year`.";
    /// A cost or a price.
    Price = "E0145", "prix ou coût", "La comptabilité est en euros (C. com. art. L123-22). Convertissez à la saisie, et gardez la devise en étiquette : `; devise: 120 USD`.";
    /// A date in a comment that would move a posting.
    DateTag = "E0146", "date cachée dans un commentaire", "hledger déplace une ligne dont le commentaire porte `date:`, `date2:` ou `[2024-02-03]`. Écrivez la date seconde sur la première ligne : `2024-03-12=2024-02-03`, ou retirez les crochets.";
    /// An assertion of another kind.
    AssertionKind = "E0147", "assertion d’une autre sorte", "compta vérifie l’assertion `= MONTANT`, sur le compte seul et son unité. Écrivez-la sans `==` ni `*`.";
    /// A directive outside the subset.
    Directive = "E0148", "directive hors du sous-ensemble", "compta lit `account`, `commodity`, `decimal-mark`, `include`, `payee`, `tag`, les écritures et `~`. Mettez le reste en commentaire avec `;`.";
    /// A status mark on a posting.
    PostingStatus = "E0149", "marque de pointage sur une ligne", "La marque `*` ou `!` se pose sur la première ligne de l’écriture. Pour pointer une ligne, utilisez l’étiquette `lettrage`.";
    /// A periodic rule outside the subset.
    PeriodForm = "E0150", "période de budget non comprise", "Un budget s’écrit `~ 2025  Libellé`, `~ 2025-06  Libellé`, `~ monthly in 2025  Libellé` ou `~ quarterly in 2025  Libellé`, avec deux espaces avant le libellé.";
    /// A name in decomposed Unicode.
    Decomposed = "E0151", "accents décomposés", "Le nom est en Unicode décomposé (NFD), comme les écrit macOS : il se lit pareil, mais hledger y voit un autre compte. `compta fmt` le recompose.";
    /// An account directive that cannot be read.
    AccountForm = "E0152", "déclaration de compte illisible", "Un compte se déclare `account NUMÉRO Libellé`, avec un auxiliaire après deux-points : `account 401 Fournisseurs:SNCF   ; aux: F001`.";
    /// A commodity directive that cannot be read.
    CommodityForm = "E0153", "déclaration d’unité illisible", "Une unité se déclare avec ses décimales : `commodity 1 000,00 €`.";
    /// A carriage return that does not end a line.
    LoneReturn = "E0154", "retour chariot isolé", "hledger voit une fin de ligne dans un retour chariot (U+000D) sans saut de ligne : une écriture peut s’y cacher. Enregistrez le fichier avec des fins de ligne ordinaires ; `compta fmt` le fait pour les lignes `include`.";
    /// A file whose last line does not end.
    NoLastNewline = "E0155", "dernière ligne sans fin", "hledger refuse une inclusion ou une ligne blanche qui n’est pas suivie d’un retour à la ligne. `compta fmt` l’ajoute.";
    /// What Git LFS leaves in the place of a file that it did not bring.
    Pointer = "E0156", "pointeur Git LFS à la place d’un fichier", "Le dépôt garde ce fichier dans Git LFS, et n’en a posé ici que l’adresse : ce qu’il contient n’a pas été téléchargé. Lancez `git lfs pull`, puis relancez. Un journal est un petit texte : il n’a pas besoin de Git LFS.";
    /// An invisible character in a text.
    InvisibleText = "W0101", "caractère invisible dans un libellé", "Un caractère invisible ou de changement de sens d’écriture, dans un libellé ou dans la valeur d’une étiquette (`piece`), peut tromper le lecteur. Retapez-le.";
    /// An account that no chart and no line knows.
    UnknownAccount = "E0201", "compte inconnu", "Un compte est connu par le plan comptable de l’exercice ou par une ligne `account`. Corrigez le numéro, ou déclarez le compte : `account 625110 Train`.";
    /// A label other than the declared one.
    Label = "E0202", "libellé différent du libellé déclaré", "Le numéro décide, mais hledger verrait deux comptes. `compta fmt` écrit le libellé déclaré.";
    /// Two declarations that disagree.
    DeclaredTwice = "E0203", "compte déclaré deux fois", "Deux lignes `account` donnent deux libellés au même numéro. Gardez-en une.";
    /// An auxiliary account that was not declared, though others are.
    UnknownAuxiliary = "E0204", "auxiliaire inconnu", "Ce compte a des auxiliaires déclarés : un nom nouveau est le plus souvent une faute de frappe. Corrigez-le, ou déclarez-le : `account 401 Fournisseurs:Nom`.";
    /// An account that the year's chart no longer has.
    RenumberedAccount = "E0205", "compte retiré du plan comptable", "Le plan comptable de l’exercice n’a plus ce numéro. `compta` propose le nouveau ; pour garder l’ancien comme subdivision, déclarez-le par une ligne `account`.";
    /// A tag that was not declared, though others are.
    UnknownTag = "E0206", "étiquette inconnue", "Ce dossier déclare ses étiquettes par des lignes `tag` : un nom nouveau est le plus souvent une faute de frappe. Corrigez-le ou déclarez-le.";
    /// A unit that was not declared, though others are.
    UnknownUnit = "E0207", "unité inconnue", "Ce dossier déclare ses unités par des lignes `commodity` : une unité nouvelle est le plus souvent une faute de frappe. Corrigez-la ou déclarez-la.";
    /// One account under two labels.
    TwoLabels = "E0208", "compte sous deux libellés", "Le titre officiel du compte a changé avec le plan comptable de 2025 : hledger y voit deux comptes, et une assertion de solde n’y vaudrait plus. Fixez le libellé par une ligne `account`, puis lancez `compta fmt`.";
    /// A tag whose value is a day, and does not read as one.
    TagDay = "E0209", "date d’étiquette illisible", "Les étiquettes `datelet`, `valide`, `origine`, `vote` et `jour` portent une date, AAAA-MM-JJ. Une date qui ne se lit pas serait perdue, dans le FEC comme dans les contrôles : corrigez-la, ou retirez l’étiquette.";
    /// Real postings that do not balance.
    Unbalanced = "E0301", "écriture déséquilibrée", "La somme des débits (positifs) et des crédits (négatifs) d’une écriture est nulle au centime (PCG art. 1031-1). Corrigez le montant désigné, ou ajoutez la ligne qui manque.";
    /// Bracketed postings that do not balance.
    UnbalancedBrackets = "E0302", "lignes entre crochets déséquilibrées", "Les lignes entre crochets (livre CARE) s’équilibrent entre elles, dans chaque unité. Corrigez le montant désigné, ou ajoutez la ligne qui manque.";
    /// More than one missing amount.
    TwoElided = "E0303", "deux montants absents", "Un seul montant peut être laissé à calculer parmi les lignes d’un même livre. Écrivez les autres.";
    /// An entry number used twice.
    DuplicateNumber = "E0305", "numéro d’écriture en double", "Un numéro ne sert qu’une fois par journal et par exercice (LPF art. A47 A-1). Donnez à la seconde écriture le numéro suivant.";
    /// A balance assertion that fails.
    Assertion = "E0306", "assertion de solde fausse", "Le solde calculé à cette date n’est pas celui qui est affirmé : il manque une écriture, ou elle est en double. Mettez l’assertion en commentaire le temps de lire `compta grand-livre COMPTE`, qui montre le chemin du solde.";
    /// A real posting on a CARE account.
    RealOnCare = "E0307", "ligne réelle sur un compte CARE", "Les comptes C… et T… n’existent que dans le livre CARE : écrivez la ligne entre crochets, `[C172 …]`. Le grand livre classique n’en dépend jamais.";
    /// A unit that its book does not hold.
    BookUnit = "E0308", "unité étrangère au livre", "Le livre classique est en euros (C. com. art. L123-22), les ajustements C… en euros, les tonnes T… en kgCO₂e. Les autres unités sont des activités, entre parenthèses.";
    /// Parentheses around an account, or an activity out of them.
    ActivityForm = "E0309", "activité mal placée", "Les parenthèses sont pour les activités physiques : un identifiant de facteur en minuscules et une quantité, `(train-tgv)   1 140 pkm`. Un compte s’écrit sans parenthèses, ou entre crochets pour le livre CARE.";
    /// More decimals than the unit has.
    Decimals = "E0310", "trop de décimales", "L’euro a deux décimales, et le kgCO₂e trois (le gramme). Arrondissez à la saisie.";
    /// A date that no fiscal year covers.
    OutsideYears = "E0311", "date hors des exercices", "`compta.toml` donne la liste des exercices, et aucun ne contient cette date. Corrigez la date, ou ajoutez l’exercice.";
    /// A CARE adjustment of a treasury account.
    CareOnTreasury = "E0312", "ajustement CARE sur un compte de trésorerie", "Le livre CARE n’a pas de trésorerie : il ne touche jamais la classe 5. L’argent ne bouge que dans le livre classique.";
    /// Voluntary contributions that do not balance.
    VoluntaryContributions = "E0313", "contributions volontaires déséquilibrées", "Les emplois (86) et les ressources (87) des contributions volontaires en nature sont égaux sur l’exercice (ANC 2018-06 art. 211-1).";
    /// An opening written in a year whose opening is derived.
    SecondOpening = "E0314", "à-nouveau écrit une seconde fois", "Les soldes d’ouverture (journal AN) s’écrivent une fois, dans le premier exercice des livres. Les suivants sont repris de la clôture du précédent (C. com. art. L123-19) : un à-nouveau écrit en plus compterait deux fois chaque solde. Retirez-le ; une correction, comme l’affectation du résultat, se passe au journal OD.";
    /// A file of received openings that holds something else.
    ReceivedOpening = "E0315", "à-nouveaux reçus illisibles", "Un fichier de `a-nouveaux/` porte les à-nouveaux d’un exercice tels qu’un autre logiciel les a écrits : des écritures `(AN-…)`, d’un seul exercice, en euros. Ils remplacent ceux que compta dérive tant qu’ils disent la même chose, compte par compte.";
    /// Received openings that are not what the year before left.
    ReceivedApart = "W0315", "à-nouveaux reçus périmés", "Les à-nouveaux reçus d’un autre logiciel (`a-nouveaux/`) ne sont plus ce que l’exercice précédent laisse : compta ouvre l’exercice avec ceux qu’il dérive, car le bilan d’ouverture est le bilan de clôture (C. com. art. L123-19). Corrigez l’exercice précédent, ou retirez le fichier.";
    /// A file that is no FEC.
    FecNotOne = "E0401", "ce n’est pas un FEC", "Un fichier des écritures comptables est un texte dont la première ligne nomme les champs, séparés par une tabulation ou par `|` (LPF art. A47 A-1, VII). Redemandez le fichier au logiciel d’origine, sans passer par un tableur.";
    /// A FEC without a row.
    FecEmpty = "E0402", "FEC vide", "Le fichier ne contient aucune ligne d’écriture. L’export a échoué ou porte sur un autre exercice : refaites-le.";
    /// A column of a FEC that is missing, or there twice.
    FecColumns = "E0403", "colonnes du FEC incomplètes", "Les dix-huit champs de l’article A47 A-1 sont tous présents, une fois chacun, même s’ils restent à blanc. Ajoutez à l’export la colonne qui manque.";
    /// A row of a FEC with another number of fields.
    FecFields = "E0404", "nombre de champs différent", "Chaque ligne a autant de champs que l’en-tête. Un champ de trop vient souvent d’un séparateur dans un libellé, un champ de moins d’un fichier coupé : corrigez la ligne, ou refaites l’export.";
    /// An empty cell that a FEC needs.
    FecNeeded = "E0405", "champ obligatoire vide", "EcritureNum, EcritureDate, CompteNum, CompteLib et EcritureLib ne sont jamais à blanc : sans eux, la ligne ne se rattache à rien. Complétez-la dans le logiciel d’origine.";
    /// An amount of a FEC that does not read.
    FecAmount = "E0406", "montant de FEC illisible", "Un montant s’écrit en chiffres avec une virgule décimale, sans séparateur de milliers, sans point ni exposant, avec deux décimales au plus (LPF art. A47 A-1, VIII). Refaites l’export sans tableur, qui réécrit les nombres.";
    /// A day of a FEC that does not read.
    FecDate = "E0407", "date de FEC illisible", "Une date s’écrit AAAAMMJJ, et le jour existe au calendrier. L’outil officiel tolère des séparateurs ; la loi et les autres outils, non : corrigez l’export.";
    /// Bytes that no text holds, or two character sets in one file.
    FecBytes = "E0408", "caractères interdits dans un FEC", "Le fichier est en un seul jeu de caractères (ASCII, ISO-8859-15 ou UTF-8), sans octet nul ni caractère de contrôle. Refaites l’export, ou retirez le caractère désigné.";
    /// An entry of a FEC that does not balance.
    FecEntry = "E0409", "écriture de FEC déséquilibrée", "La somme des débits d’une écriture est celle de ses crédits (PCG art. 1031-1). L’outil officiel ne le contrôle pas. Cherchez la ligne qui manque dans le logiciel d’origine.";
    /// A FEC that does not balance.
    FecUnbalanced = "E0410", "FEC déséquilibré", "La somme des débits du fichier est celle de ses crédits. Des lignes manquent, ou un montant a été arrondi ligne à ligne : refaites l’export.";
    /// An entry of a FEC outside the year of its name.
    FecOutsideYear = "E0411", "date hors de l’exercice du FEC", "Le nom du fichier donne la date de clôture, et les écritures sont des douze mois qui la précèdent. Renommez le fichier, ou donnez le premier jour d’un exercice plus long : `--debut 2023-07-01`.";
    /// An entry without a number, that a FEC would need.
    FecNumber = "E0412", "écriture sans numéro pour le FEC", "Chaque écriture du FEC a un numéro, sur une séquence continue (LPF art. A47 A-1, VII). Numérotez-la, `(ACH-0042)`, ou laissez compta le faire le temps de l’export : `compta fec --sequence unique`.";
    /// An account that the books cannot hold as the file gives it.
    FecAccount = "E0413", "compte de FEC illisible", "Un numéro de compte commence par un chiffre, sans espace. Corrigez-le dans le logiciel d’origine.";
    /// A cell of a sheet that is not what its column wants.
    SheetCell = "E0420", "cellule illisible", "Une cellule d’un tableau à importer n’est pas ce que sa colonne attend : une date, un montant au centime, une quantité, un nom connu. La cellule est nommée comme le tableur la nomme. Rien n’est importé tant qu’une seule est fausse.";
    /// A sheet that lacks a column, or has it twice.
    SheetColumns = "E0421", "colonne absente ou en double", "Le tableau à importer n’a pas une colonne nécessaire, ou deux têtes disent la même. Ses têtes sont celles de `compta ecritures modele` ou de `compta budget modele` ; leur ordre est libre, et d’autres colonnes ne gênent pas.";
    /// A cell that the official tester counts as missing data.
    FecMissingData = "W0401", "donnée absente du FEC", "JournalCode, JournalLib, PieceRef, PieceDate et ValidDate sont attendus sur chaque ligne ; l’outil officiel compte ceux qui manquent dans les « données absentes ». Complétez-les à la source.";
    /// An account that does not begin with three digits.
    FecChart = "W0402", "compte hors du plan comptable", "Les trois premiers caractères de CompteNum sont des chiffres du plan comptable (LPF art. A47 A-1, VII). Rattachez le compte à un compte du plan.";
    /// A row with both a debit and a credit, or neither.
    FecSides = "W0403", "débit et crédit ensemble, ou nuls", "Une ligne porte un débit ou un crédit. Les deux à la fois, ou aucun, se lisent mal : séparez la ligne en deux, ou retirez-la.";
    /// A day that can hardly be right.
    FecDoubtfulDate = "W0404", "date de FEC invraisemblable", "Une pièce n’est pas plus récente que la validation de son écriture, et une écriture ne se valide pas avant sa date. Vérifiez la date.";
    /// Columns beyond the eighteen.
    FecExtra = "W0405", "colonnes supplémentaires", "Des champs peuvent suivre les dix-huit (LPF art. A47 A-1, VII) ; les décrire dans la description du fichier. compta les lit et ne les reprend pas.";
    /// The name of a FEC that is not the legal one.
    FecName = "W0406", "nom de FEC non réglementaire", "Le fichier s’appelle SIRENFECAAAAMMJJ, neuf chiffres puis la date de clôture (LPF art. A47 A-1, X). Renommez-le : le SIREN de l’association, FEC, la date de clôture.";
    /// Numbers of entries that do not follow each other.
    FecSequence = "W0407", "numéros d’écriture discontinus", "Les numéros suivent une séquence continue, sur l’exercice ou par journal (LPF art. A47 A-1, VII). Un trou se justifie ; `compta fec --sequence unique` numérote de 1 à n, avec une table de concordance.";
    /// Rows of a FEC that are not in the order of validation.
    FecOrder = "W0408", "ordre des lignes du FEC", "Les à-nouveaux viennent d’abord, puis les écritures dans l’ordre de leur validation (LPF art. A47 A-1, III et VII). Refaites l’export dans cet ordre.";
    /// A letter of a FEC that does not balance.
    FecLetter = "W0409", "lettrage de FEC non soldé", "Les lignes d’une même lettre d’un même tiers se soldent, et portent la date du lettrage. Sinon le lettrage est partiel ou faux : vérifiez-le.";
    /// A code of a FEC under several labels.
    FecLabels = "W0410", "plusieurs libellés pour un même code", "Un compte, un auxiliaire, un journal a un libellé et un seul dans l’exercice. À la reprise, compta garde le plus fréquent et note les autres sur leurs lignes (étiquettes `comptelib`, `auxlib`, `journallib`).";
    /// A form that the law does not describe, and that still reads.
    FecForm = "W0411", "forme du FEC non réglementaire", "Le fichier se lit, mais sa forme n’est pas celle de l’article A47 A-1 : espaces, lignes blanches, noms de colonnes, fins de ligne. Un autre outil peut le refuser.";
    /// An entry of a FEC whose rows have several days or journals, or whose number returns.
    FecScattered = "W0412", "écriture de FEC éparse", "Une écriture est d’un jour et d’un journal, et son numéro ne sert qu’à elle. À la reprise, compta regroupe ses lignes sous une date et garde leur journal et leur numéro d’origine en étiquettes.";
    /// Openings of a FEC that are not what the year before left.
    FecOpening = "W0413", "à-nouveaux différents de la clôture précédente", "Les à-nouveaux d’un exercice sont les soldes de l’exercice précédent, compte par compte (C. com. art. L123-19). compta les compare à la clôture d’avant, et ne les compte qu’une fois : l’écart signalé est à expliquer avec l’expert-comptable.";
    /// A FEC that holds the entries which bring classes 6 and 7 to nothing.
    FecClosed = "W0414", "classes 6 et 7 soldées dans le FEC", "Le FEC comprend les écritures d’inventaire, et non celles qui soldent les comptes de charges et de produits (LPF art. A47 A-1, VII). Refaites l’export sans elles.";
    /// An account that no row takes.
    NoRow = "E0501", "compte dans aucune ligne de l’état", "Chaque compte tombe dans une ligne et une seule, ou dans un cycle de contrôle et un seul. Ajoutez son préfixe à une ligne de la forme (à un cycle de `formes/cycles.toml`), ou corrigez le compte.";
    /// An account that two rows take.
    TwoRows = "E0502", "compte dans deux lignes de l’état", "Deux lignes de la forme, ou deux cycles de contrôle, prennent ce compte avec un préfixe de même longueur. Retirez-le de l’un, ou allongez le préfixe de l’autre.";
    /// A formula that names an unknown row.
    UnknownRow = "E0503", "ligne inconnue dans une formule", "Une somme ou une formule nomme une ligne que la forme n’a pas. Corrigez la clé.";
    /// A formula that depends on itself.
    CircularRow = "E0504", "formule en boucle", "Une ligne dépend d’elle-même. Retirez-la de la somme ou de la formule.";
    /// Two totals that the form declares equal.
    TotalsDiffer = "E0505", "totaux qui devraient être égaux", "La forme déclare ces deux totaux égaux (actif et passif, résultat du bilan et du compte), et ils ne le sont pas : une ligne ou un préfixe manque.";
    /// A grant form whose two sides differ.
    CerfaUnequal = "W0506", "budget de subvention non équilibré", "Le Cerfa 12156 demande des charges égales aux produits, et 86 égal à 87. L’écart est montré ; équilibrez avant de déposer.";
    /// A selector that cannot be read.
    Selector = "E0507", "sélecteur de comptes illisible", "Un sélecteur est une suite de préfixes : `411D 4091 !509`. D : comptes débiteurs ; C : créditeurs ; ! : sauf.";
    /// A displayed total that its displayed parts do not give.
    DisplayedSum = "W0501", "écart d’affichage", "Chaque cellule arrondit son propre montant exact : la somme des lignes affichées peut différer du total affiché de quelques euros. Rien n’est faux, rien n’est forcé.";
    /// A total that leaves something out.
    PartialTotal = "W0502", "total incomplet par définition", "La forme publiée définit ce total sans une de ses lignes. compta l’imprime tel quel, et dit ce qui n’y est pas.";
    /// Tonnes, a price or an amount of the policy below zero.
    NegativeDebt = "E0601", "dette écologique négative", "Des tonnes, un prix ou un montant négatifs ne sont pas une dette. Une dette s’éteint par une dépense étiquetée `preservation`, ou par une absorption vérifiée.";
    /// One removal used twice.
    RemovalTwice = "E0602", "absorption employée deux fois", "Une tonne vérifiée éteint une tonne, un crédit retiré l’est une fois : la même référence ne peut servir à deux endroits.";
    /// A price that nobody stands behind.
    PriceWithoutSource = "E0603", "prix sans source", "Le prix de la tonne pèse plus sur le résultat CARE que tout le reste (de 5 € à 300 € selon la référence). Chaque prix dit d’où il vient, et de quelle année.";
    /// A lot that says two things, or nothing.
    LotContradicts = "E0604", "lot de dette contradictoire", "Un lot a des tonnes et un prix, ou un montant, ou des tonnes seules. S’il porte les trois, ils concordent au centime.";
    /// A policy or a tag that names an unknown capital, project, factor or fiscal year.
    UnknownEcological = "E0605", "nom inconnu de la politique écologique", "Une étiquette ou la politique nomme un capital, un projet, un facteur ou un exercice que `care.toml` n’a pas. Corrigez le nom, ou ajoutez-le.";
    /// An activity whose unit is not that of its factor.
    FactorUnit = "E0606", "unité qui ne va pas avec le facteur", "Un facteur compte des kgCO₂e par unité d’activité : des kilomètres ne se multiplient pas par des kg par passager-kilomètre. Convertissez la quantité, ou choisissez un autre facteur.";
    /// An activity in a unit that no factor knows.
    ActivityUnit = "E0607", "activité dans une unité inconnue", "L’unité de l’activité n’est celle d’aucun facteur. `compta care facteurs` les donne toutes.";
    /// An activity that has no factor.
    UnknownActivity = "E0608", "activité sans facteur d’émission", "L’activité nomme un facteur qui n’est ni livré avec compta, ni dans `care.toml`. `compta care facteurs` donne les noms.";
    /// A posting that is no expense, tagged as preservation.
    PreservationAccount = "E0609", "préservation hors des charges", "Seule une charge (classe 6) se marque `preservation` ou `projet` : une immobilisation ainsi marquée compterait deux fois, une fois à l’actif et une fois en projet de préservation.";
    /// A carbon provision without a public commitment.
    NoPledge = "E0610", "provision carbone sans engagement public", "Une provision suppose une obligation envers un tiers : un engagement public et précis, qui crée une attente légitime (PCG art. 321-1). Décrivez-le dans `[engagement]`, ou retirez la provision.";
    /// An account of book C or T that the model does not have.
    CareAccount = "E0611", "compte étranger au modèle CARE", "Les lignes entre crochets vont aux comptes `C…` et `T…` du modèle, ou éliminent les comptes de la provision carbone que `care.toml` nomme : ailleurs, l’écart entre les deux résultats ne s’expliquerait plus.";
    /// A reversal of more than was verified.
    ReversalExceeds = "E0612", "réémission qui dépasse les absorptions", "Un projet ne peut rendre plus de tonnes qu’il n’en a été vérifié.";
    /// A preservation expense above the open debt.
    PaidBeyond = "W0601", "dépense de préservation au-delà de la dette", "La dette ouverte tombe à zéro ; le surplus reste une charge ordinaire. Il ne devient jamais un gain, et n’éteint pas la part irrécouvrable.";
    /// Tonnes that no price lets extinguish.
    NotPriced = "W0602", "dette sans prix", "Un lot sans tonnes ou sans prix n’est pas éteint par des tonnes vérifiées : elles restent disponibles (T31) jusqu’à ce que la politique cite un prix.";
    /// A project whose expected tonnes exceed what its area may hold.
    Yield = "W0603", "rendement peu plausible", "Un boisement dense stocke en France au plus 730 tCO₂e par hectare. Donnez la surface, et vérifiez les tonnes attendues ; rien n’est éteint avant vérification.";
    /// A refund above what a project carries.
    RefundBeyond = "W0606", "remboursement au-delà du coût d’un projet", "Le coût d’un projet attend à l’actif, et s’use quand ses tonnes sont vérifiées : un remboursement ne rend que ce qui y reste. Le surplus est un produit ordinaire.";
    /// Something before a project begins, or after it has failed.
    ProjectLifetime = "E0613", "projet employé hors de sa vie", "Rien n’est vérifié avant le début d’un projet. Un projet qui a échoué ne retire plus rien : ni dépense, ni vérification ne lui revient après ce jour, et sa dette est renée.";
    /// A column that corrections restate.
    RestatedColumn = "W0605", "exercice précédent retraité", "Une erreur d’un exercice clos dépasse le seuil de recalcul : l’exercice clos ne bouge pas, la correction passe par C110, et sa colonne est montrée retraitée.";
    /// An interval that holds the threshold.
    Straddles = "W0604", "seuil dans l’intervalle d’incertitude", "L’inventaire est peut-être au-dessus du seuil, peut-être au-dessous : la valeur centrale est écrite, les dettes et résultats bas et haut sont montrés.";
    /// An entry in a sealed period that the seal does not know.
    LateEntry = "E0701", "écriture dans une période scellée", "Une période scellée ne change plus (PCG art. 1031-3 et 1031-4). Une pièce qui arrive après se passe au premier jour ouvert, sa vraie date gardée comme date de pièce : `2025-01-01=2024-12-30`.";
    /// A sealed entry that is no longer as it was sealed.
    SealedEntryGone = "E0702", "écriture scellée changée ou disparue", "Une écriture scellée ne se modifie ni ne s’efface. Remettez le fichier comme il était (`compta verify` dit lequel et où), puis passez la correction dans l’exercice ouvert : `compta corriger NUMÉRO`.";
    /// A seal, or a journal of a closing, that is not whole.
    BrokenSeal = "E0703", "clôture abîmée", "Un dossier de `clotures/` n’est pas entier : sceau illisible, ou journal de clôture qui n’est plus celui qui fut scellé. Les rapports s’arrêtent là. `compta verify` nomme ce qui est altéré ; remettez-le depuis une copie.";
    /// A line of register that would move a closed year.
    ClosedRegister = "E0704", "registre qui changerait un exercice clos", "Les écritures d’un exercice clos sont celles de `clotures/`. Une provision, une dette provisionnée ou une régularisation ajoutée ou changée pour cet exercice n’y donnerait plus rien : elle se passe dans l’exercice ouvert.";
    /// A policy that would change a closed year.
    ClosedPolicy = "E0705", "politique qui changerait un exercice clos", "Un exercice clos garde la politique écologique avec laquelle il fut clos : la copie de `clotures/` fait foi. Un lot ou un fait ajouté pour lui, un projet ou un capital retiré qu’il porte encore ne seraient jamais lus. Une erreur se passe par `[[correction]]`, constatée dans l’exercice ouvert.";
    /// A seal of a format that only a later version reads.
    LaterSeal = "E0706", "clôture d’un format plus récent", "Le sceau d’une clôture est d’un format que cette version de compta ne connaît pas : une version plus récente l’a écrit. Ce que la période contient ne peut être vérifié, et les rapports s’arrêtent là ; rien ne dit pour autant que la clôture soit abîmée. Mettez compta à jour, puis relancez.";
    /// A justification of a control that needs none.
    IdleJustification = "W0730", "justification sans objet", "`controles.toml` justifie un contrôle qui passe : la raison a disparu, ou elle vise un autre exercice. Retirez la justification, pour qu’elle n’excuse pas demain autre chose.";
    /// TOML that does not parse.
    TomlSyntax = "E0801", "TOML illisible", "Le fichier n’est pas du TOML : guillemet, crochet ou signe égal manquant. L’erreur est à l’endroit montré.";
    /// A key that does not exist.
    UnknownKey = "E0802", "clé inconnue", "Une clé que compta ne connaît pas serait ignorée en silence. Corrigez-la ou retirez-la.";
    /// A value of the wrong kind.
    BadValue = "E0803", "valeur qui ne convient pas", "La clé attend une autre valeur, dite dans le message : un nombre et non un texte, un montant positif, un exercice des livres.";
    /// A key that must be there.
    MissingKey = "E0804", "clé absente", "Une clé nécessaire manque. Ajoutez-la.";
    /// Fiscal years that overlap or leave a gap.
    YearsDoNotTile = "E0805", "exercices qui ne se suivent pas", "Chaque jour appartient à un exercice et un seul : un exercice commence le lendemain de la fin du précédent.";
    /// Two lines of a register under one name.
    NamedTwice = "E0806", "nom écrit deux fois dans un registre", "Dans un registre, chaque programme, convention, membre, bande ou tranche a un nom à lui : deux lignes sous le même nom feraient compter deux fois, ou une fois au hasard.";
    /// Parts of a convention that exceed what it grants.
    PartsExceed = "E0807", "parts qui dépassent leur tout", "Les parts du calendrier, et les versements, ne font jamais plus que le montant accordé : un avenant change d’abord `montant`. Les parts des charges communes d’un programme que ses conventions se font imputer ne font jamais plus de 100 % le même jour.";
    /// A programme that the register does not have.
    UnknownProgramme = "E0808", "programme inconnu", "Une écriture ou une convention nomme un programme absent de `programmes.toml`. Corrigez l’étiquette, ou ajoutez le programme.";
    /// Tags that contradict the convention.
    ConventionContradicted = "E0809", "étiquette qui contredit la convention", "Une convention impose son programme, son partenaire et son financement. Corrigez l’étiquette de l’écriture, ou le registre ; ou ne gardez que l’étiquette `convention`, qui suffit.";
    /// A convention that the register does not have.
    UnknownConvention = "E0810", "convention inconnue", "Une écriture nomme une convention absente de `conventions.toml`. Corrigez l’étiquette, ou ajoutez la convention.";
    /// A member without a budget.
    NoMemberBudget = "E0811", "membre sans budget", "La cotisation d’un organisme dépend de son budget annuel : sans lui, rien ne dit ce qu’il doit.";
    /// Shares of an allocation key that do not sum to one hundred.
    KeyShares = "E0812", "clé de répartition qui ne fait pas 100 %", "Une clé répartit des charges communes entre les programmes : ses parts font 100 %, ni plus ni moins, sinon des charges disparaissent ou comptent deux fois.";
    /// An account that no slice of a pie takes.
    SliceForgets = "E0813", "compte oublié par une répartition", "Chaque charge est dans une tranche des coûts, chaque produit dans une tranche des financements : sinon le total du graphique n’est pas celui des comptes.";
    /// An account that two slices of a pie take.
    SliceRepeats = "E0814", "compte pris deux fois par une répartition", "Deux tranches, ou deux clés d’un même exercice, prennent ce compte avec un préfixe de même longueur. Retirez-le de l’une, ou allongez le préfixe de l’autre.";
    /// A slice below zero.
    NegativeSlice = "E0815", "tranche négative", "Une part d’un tout ne peut être négative. Une reprise, un avoir ou une régularisation l’emporte sur la tranche : regroupez-la avec celle qu’elle corrige.";
    /// A grid of memberships with a gap or an overlap.
    GridBands = "E0816", "grille d’adhésion qui a un trou ou un recouvrement", "Chaque budget annuel relève d’une bande et d’une seule : la borne commune à deux bandes est comprise dans l’une (`de`, `a`) et exclue de l’autre (`moins_de`, `plus_de`).";
    /// An account that the kind of convention does not allow.
    ConventionAccount = "E0817", "compte qui ne va pas avec la convention", "Une subvention publique est un produit 74 et se doit en 441 ; une aide privée est en 755 ou 754 et se doit en 467 ou 468 ; une prestation facturée est en 70 et se doit en 41. Sous condition suspensive, rien n’est encore un produit (ANC 2018-06 art. 142-8).";
    /// A published figure that the books do not know.
    UnknownFigure = "E0818", "chiffre publié inconnu des livres", "Le fichier publié donne un chiffre sous une clé ou une colonne que les tableaux des livres n’ont pas : il ne serait comparé à rien. `compta ag -O json` donne les clés et les colonnes.";
    /// A register that names a row that no statement has.
    UnknownStatementRow = "E0819", "ligne d’état inconnue", "Le registre nomme une ligne que la forme n’a pas. `compta bilan -O json` et `compta resultat -O json` donnent les clés.";
    /// A subsidy recognised before it is notified.
    ConventionUnnotified = "E0820", "produit d’une convention non notifiée", "Une subvention devient un produit quand elle est notifiée (ANC 2018-06 art. 142-8) : pas de produit sans `notification`, ni avant elle.";
    /// More recognised or received on a convention than it grants.
    ConventionExceeded = "E0821", "convention dépassée dans les livres", "Les produits d’une convention, ceux d’avance compris, ne dépassent jamais ce qu’elle accorde. Une étiquette est sans doute sur la mauvaise écriture ; un avenant change d’abord `montant`.";
    /// A calendar that 487 contradicts at a closing.
    ConventionCalendar = "W0822", "calendrier de convention et livres qui diffèrent", "À la clôture, le compte 487 garde la part que le calendrier de la convention donne aux exercices suivants. L’écriture reste à passer, ou le calendrier à corriger.";
    /// A journal whose code is that of derived entries.
    ReservedJournal = "E0823", "journal réservé aux registres", "Les écritures que les registres donnent à la clôture portent le journal INVR. Une écriture écrite à la main sous ce code pourrait porter leur numéro : donnez-lui un autre journal.";
    /// A file of the books' folder whose name is nearly that of a register.
    MisnamedFile = "W0824", "fichier que rien ne lit", "Un fichier du dossier porte presque le nom d’un registre : compta ne le lit pas, et ce qu’il dit manque aux rapports. Renommez-le, ou rangez-le ailleurs s’il n’est pas des livres.";
    /// A file that cannot be opened.
    Unreadable = "E0901", "fichier illisible", "Le fichier n’existe pas, ou ne se laisse pas ouvrir. Vérifiez le chemin et les droits.";
    /// More than 4 GiB of sources.
    TooMuch = "E0902", "plus de 4 Gio de journaux", "compta lit au plus 4 Gio à la fois. Lisez moins d’exercices avec `-f`.";
    /// A template of the user's that typst does not set.
    Template = "E0904", "modèle qui ne se compose pas", "Un fichier de `modeles/` remplace un modèle livré avec compta, et typst ne le compose pas. L’endroit montré est le vôtre, les mots sont ceux de typst. `compta modeles -o AILLEURS` redonne les modèles livrés.";
    /// A folder without books.
    NoBooks = "E0903", "dossier sans livres", "Les commandes cherchent `compta.toml` en remontant depuis le dossier courant. Placez-vous dans le dossier des livres, ou donnez `-C DOSSIER` ou `-f FICHIER`.";
}
