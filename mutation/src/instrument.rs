//! Puts each mutant behind a switch: `a < b` becomes one of `a < b`, `a <= b`, by its number.
//!
//! A branch that is not a mutant holds the mutants inside it; a mutant is the text as it was but for its
//! change, so that nothing grows beyond measure. No line is added: a compiler's message finds its mutant.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ReturnType, Type, UnOp};

use crate::list::{self, Mutant};

/// The switch, as a module of the copy.
const SWITCH: &str = include_str!("switch.rs");

/// Rewrites the named rooms of a copy; the others stay as they are.
pub fn all(folder: &Path, rooms: &[String]) {
    let (src, kept) = (folder.join("src"), folder.join("src.kept"));
    if !kept.exists() {
        copy(&src, &kept);
    }
    let dropped = list::dropped(folder);
    let mut mutants = Vec::new();
    let mut paths = Vec::new();
    for room in rooms {
        files(&kept.join(room), &mut paths);
    }
    paths.sort();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a source");
        let shown = path.strip_prefix(&kept).expect("below").display().to_string();
        let made = one(&text, &format!("src/{shown}"), &dropped, &mut mutants);
        fs::write(src.join(&shown), made).expect("written");
    }
    let lib = fs::read_to_string(kept.join("lib.rs")).expect("lib.rs");
    fs::write(src.join("lib.rs"), format!("{lib}\n#[doc(hidden)]\npub mod mutant;\n"))
        .expect("lib");
    fs::write(src.join("mutant.rs"), SWITCH).expect("switch");
    list::write(folder, &mutants);
    println!("{} mutants, {} dropped", mutants.len() - dropped.len(), dropped.len());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folder");
    for entry in fs::read_dir(from).expect("folder") {
        let path = entry.expect("entry").path();
        let target = to.join(path.file_name().expect("name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copied");
        }
    }
}

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
        return;
    }
    for entry in fs::read_dir(path).expect("a room") {
        let path = entry.expect("entry").path();
        if path.is_dir() || path.extension().is_some_and(|end| end == "rs") {
            files(&path, found);
        }
    }
}

/// The text of a source with its switches.
fn one(text: &str, file: &str, dropped: &BTreeSet<u32>, mutants: &mut Vec<Mutant>) -> String {
    let tree = syn::parse_file(text).expect("it compiles");
    let mut finder =
        Finder { text, file, function: String::new(), edits: Vec::new(), mutants, dropped };
    finder.visit_file(&tree);
    let edits = finder.edits;
    rewritten(text, 0..text.len(), &edits)
}

/// A stretch of text to be replaced: what stands around its parts, which are rewritten in turn.
struct Edit {
    range: Range<usize>,
    before: String,
    after: String,
}

/// Replaces, outermost first; an edit keeps its own text, rewritten, between what it adds.
fn rewritten(text: &str, within: Range<usize>, edits: &[Edit]) -> String {
    let mut out = String::new();
    let mut at = within.start;
    let mut inside: Vec<&Edit> = edits
        .iter()
        .filter(|edit| edit.range.start >= within.start && edit.range.end <= within.end)
        .collect();
    // The longest first where two begin together; the order of finding breaks ties.
    inside.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
    let mut rank = 0;
    while rank < inside.len() {
        let edit = inside[rank];
        out.push_str(&text[at..edit.range.start]);
        let same: Vec<&&Edit> =
            inside[rank..].iter().take_while(|other| other.range == edit.range).collect();
        for one in &same {
            out.push_str(&one.before);
        }
        let deeper: Vec<Edit> = inside[rank + same.len()..]
            .iter()
            .take_while(|other| other.range.end <= edit.range.end)
            .map(|other| Edit {
                range: other.range.clone(),
                before: other.before.clone(),
                after: other.after.clone(),
            })
            .collect();
        out.push_str(&rewritten(text, edit.range.clone(), &deeper));
        for one in same.iter().rev() {
            out.push_str(&one.after);
        }
        at = edit.range.end;
        rank += same.len() + deeper.len();
    }
    out.push_str(&text[at..within.end]);
    out
}

struct Finder<'t> {
    text: &'t str,
    file: &'t str,
    function: String,
    edits: Vec<Edit>,
    mutants: &'t mut Vec<Mutant>,
    dropped: &'t BTreeSet<u32>,
}

impl Finder<'_> {
    fn range(span: Span) -> Range<usize> {
        span.byte_range()
    }

    fn flat(&self, range: Range<usize>) -> String {
        // On one line, so that lines stay where they are: a comment to the end of a line would swallow it.
        let text = &self.text[range];
        let bare: Vec<&str> =
            text.lines().map(|line| line.split(" // ").next().unwrap_or(line)).collect();
        bare.join(" ")
    }

    /// A new number, unless no compiler takes that mutant.
    fn number(&mut self, span: Span, change: String) -> Option<u32> {
        let id = u32::try_from(self.mutants.len()).expect("few") + 1;
        let (file, function) = (self.file.to_owned(), self.function.clone());
        let change = change.split_whitespace().collect::<Vec<_>>().join(" ");
        self.mutants.push(Mutant { id, file, line: span.start().line, function, change });
        (!self.dropped.contains(&id)).then_some(id)
    }

    fn wrap(&mut self, range: Range<usize>, before: String, after: String) {
        self.edits.push(Edit { range, before, after });
    }

    /// `if is(1) { mutant } else { as it was }`.
    fn instead(&mut self, span: Span, mutant: String, change: String) {
        if let Some(id) = self.number(span, change) {
            let before = format!("(if crate::mutant::is({id}) {{ {mutant} }} else {{ ");
            self.wrap(Self::range(span), before, " })".to_owned());
        }
    }

    fn binary(&mut self, expr: &syn::ExprBinary) {
        let (left, right) = (Self::range(expr.left.span()), Self::range(expr.right.span()));
        let with = |finder: &mut Self, op: &str, was: &str| {
            let (a, b) = (finder.flat(left.clone()), finder.flat(right.clone()));
            let change = format!("`{was}` becomes `{op}`: {a} {was} {b}");
            finder.instead(expr.span(), format!("{a} {op} {b}"), change);
        };
        match expr.op {
            BinOp::Eq(_) => with(self, "!=", "=="),
            BinOp::Ne(_) => with(self, "==", "!="),
            BinOp::Lt(_) => {
                with(self, "<=", "<");
                with(self, ">", "<");
            }
            BinOp::Le(_) => {
                with(self, "<", "<=");
                with(self, ">", "<=");
            }
            BinOp::Gt(_) => {
                with(self, ">=", ">");
                with(self, "<", ">");
            }
            BinOp::Ge(_) => {
                with(self, ">", ">=");
                with(self, "<", ">=");
            }
            BinOp::Add(_) => with(self, "-", "+"),
            BinOp::Sub(_) => with(self, "+", "-"),
            BinOp::Mul(_) => with(self, "/", "*"),
            BinOp::Div(_) => with(self, "*", "/"),
            BinOp::Rem(_) => with(self, "/", "%"),
            BinOp::AddAssign(_) => with(self, "-=", "+="),
            BinOp::SubAssign(_) => with(self, "+=", "-="),
            BinOp::MulAssign(_) => with(self, "/=", "*="),
            BinOp::And(_) => self.clauses(expr, "true"),
            BinOp::Or(_) => self.clauses(expr, "false"),
            _ => {}
        }
    }

    /// A clause of a condition left out: `a && b` with `a` taken for true.
    fn clauses(&mut self, expr: &syn::ExprBinary, taken: &str) {
        for side in [&expr.left, &expr.right] {
            // A chain is left-deep: its own clauses are met below.
            let chain =
                matches!(&**side, Expr::Binary(b) if matches!(b.op, BinOp::And(_) | BinOp::Or(_)));
            if chain || has_let(side) {
                continue;
            }
            let change = format!("taken for {taken}: {}", self.flat(Self::range(side.span())));
            self.instead(side.span(), taken.to_owned(), change);
        }
    }

    fn body(&mut self, block: &syn::Block, output: &ReturnType) {
        let values: Vec<String> = match output {
            ReturnType::Default => vec![String::new()],
            ReturnType::Type(_, of) => values(of),
        };
        let at = Self::range(block.brace_token.span.open()).end;
        for value in values {
            let change = format!("the whole gives `{value}`");
            if let Some(id) = self.number(block.brace_token.span.open(), change) {
                self.edits.push(Edit {
                    range: at..at,
                    before: format!(" if crate::mutant::is({id}) {{ return {value}; }}"),
                    after: String::new(),
                });
            }
        }
    }
}

/// What a function of that type may give instead of what it makes.
fn values(of: &Type) -> Vec<String> {
    let Type::Path(path) = of else {
        return match of {
            Type::Reference(to) if matches!(&*to.elem, Type::Path(p) if p.path.is_ident("str")) => {
                vec!["\"\"".to_owned(), "\"xyzzy\"".to_owned()]
            }
            Type::Tuple(tuple) if tuple.elems.is_empty() => vec![String::new()],
            _ => Vec::new(),
        };
    };
    let Some(last) = path.path.segments.last() else { return Vec::new() };
    let all: &[&str] = match last.ident.to_string().as_str() {
        "bool" => &["true", "false"],
        "String" => &["String::new()", "\"xyzzy\".to_owned()"],
        "Vec" => &["Vec::new()"],
        "Option" => &["None"],
        "BTreeMap" | "BTreeSet" => &["Default::default()"],
        "Sum" | "Decimal" => &["Default::default()"],
        "usize" | "u32" | "u64" | "u8" | "i64" | "i128" | "u128" => &["0", "1"],
        "Result" => match &last.arguments {
            syn::PathArguments::AngleBracketed(of) => {
                let unit = |one: &syn::GenericArgument| matches!(one, syn::GenericArgument::Type(Type::Tuple(t)) if t.elems.is_empty());
                if of.args.first().is_some_and(unit) { &["Ok(())"] } else { &[] }
            }
            _ => &[],
        },
        _ => &[],
    };
    all.iter().map(|value| (*value).to_owned()).collect()
}

fn has_let(expr: &Expr) -> bool {
    struct Lets(bool);
    impl Visit<'_> for Lets {
        fn visit_expr_let(&mut self, _: &syn::ExprLet) {
            self.0 = true;
        }
    }
    let mut lets = Lets(false);
    lets.visit_expr(expr);
    lets.0
}

/// Whether it is for the tests, or for another system than this one.
fn is_left_out(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|one| {
        one.path().is_ident("test")
            || (one.path().is_ident("cfg")
                && one.meta.require_list().is_ok_and(|list| {
                    let asked = list.tokens.to_string();
                    asked.contains("test") || asked.starts_with("not")
                }))
    })
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !is_left_out(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_const(&mut self, _: &'a syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'a syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'a syn::ImplItemConst) {}
    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}
    fn visit_type(&mut self, _: &'a Type) {}
    fn visit_pat(&mut self, _: &'a syn::Pat) {}

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        if is_left_out(&item.attrs) || item.sig.constness.is_some() {
            return;
        }
        let before = std::mem::replace(&mut self.function, item.sig.ident.to_string());
        self.body(&item.block, &item.sig.output);
        visit::visit_item_fn(self, item);
        self.function = before;
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        if is_left_out(&item.attrs) || item.sig.constness.is_some() {
            return;
        }
        let before = std::mem::replace(&mut self.function, item.sig.ident.to_string());
        self.body(&item.block, &item.sig.output);
        visit::visit_impl_item_fn(self, item);
        self.function = before;
    }

    /// How much memory is asked for beforehand changes nothing.
    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        let asks = matches!(&*call.func, Expr::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "with_capacity"));
        if !asks {
            visit::visit_expr_call(self, call);
        }
    }

    fn visit_expr_binary(&mut self, expr: &'a syn::ExprBinary) {
        self.binary(expr);
        visit::visit_expr_binary(self, expr);
    }

    fn visit_expr_unary(&mut self, expr: &'a syn::ExprUnary) {
        if matches!(expr.op, UnOp::Not(_) | UnOp::Neg(_)) && !matches!(&*expr.expr, Expr::Lit(_)) {
            let inner = self.flat(Self::range(expr.expr.span()));
            let change = format!("without its sign: {}", self.flat(Self::range(expr.span())));
            self.instead(expr.span(), inner, change);
        }
        visit::visit_expr_unary(self, expr);
    }
}
