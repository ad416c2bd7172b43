//! The bilan and the compte de résultat against a model written apart, from the law's text (`tests/model/statements.py`),
//! on balances that hledger computes.

mod books;
mod oracle;
