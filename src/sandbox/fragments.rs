//! Fragments on unions, as the GraphQL specification has them (October 2021, 6.3.2 "Field Collection") and
//! async-graphql has not: it skips a fragment on one union where the field is of another union or of a member, and it
//! answers null for an object of which nothing was selected. Plain's own SDK does both: it spreads one fragment on
//! `Actor` wherever somebody acted, also where that is an `InternalActor`.
//!
//! So the document is rewritten before it is carried out: a fragment on a union is taken apart into its members, as far
//! as they can be where it stands, and what has only fragments also asks for its type, which is taken out of the answer
//! again.

use std::collections::HashSet;

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, InlineFragment, OperationDefinition,
        OperationType, Selection, SelectionSet, TypeCondition,
    },
};
use serde_json::Value;

use super::{
    call::Fragments,
    strict::{TYPES, named},
};

/// What the type of an object is called that was not asked for.
const UNASKED: &str = "_sandbox_typename";

type Item = Positioned<Selection>;

/// Rewrites a document. What is wrong with it stays wrong, for those who say so.
pub fn rewrite(document: &mut ExecutableDocument) {
    let used = used(document);
    let fragments = document.fragments.clone();
    let mut rewriter = Rewriter {
        fragments: &fragments,
        inside: Vec::new(),
    };
    for operation in operations(document) {
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        rewriter.set(&mut operation.selection_set.node, root);
    }
    for fragment in document.fragments.values_mut() {
        let parent = fragment.node.type_condition.node.on.node.clone();
        rewriter.set(&mut fragment.node.selection_set.node, &parent);
    }
    // Those that nobody has used before are left, to be refused.
    let still = self::used(document);
    let fragments = &mut document.fragments;
    fragments.retain(|name, _| still.contains(name) || !used.contains(name));
}

/// Takes out of an answer what only [`rewrite`] has asked for.
pub fn clean(answer: &mut Value) {
    match answer {
        Value::Object(fields) => {
            fields.remove(UNASKED);
            fields.values_mut().for_each(clean);
        }
        Value::Array(items) => items.iter_mut().for_each(clean),
        _ => {}
    }
}

fn operations(document: &mut ExecutableDocument) -> Vec<&mut OperationDefinition> {
    match &mut document.operations {
        DocumentOperations::Single(only) => vec![&mut only.node],
        DocumentOperations::Multiple(all) => all.values_mut().map(|it| &mut it.node).collect(),
    }
}

/// The names of the fragments that the operations use, each by itself or by another.
fn used(document: &ExecutableDocument) -> HashSet<Name> {
    let mut found = HashSet::new();
    let operations = document.operations.iter();
    let mut sets: Vec<&SelectionSet> = operations
        .map(|(_, operation)| &operation.node.selection_set.node)
        .collect();
    while let Some(set) = sets.pop() {
        for item in &set.items {
            sets.push(match &item.node {
                Selection::Field(field) => &field.node.selection_set.node,
                Selection::InlineFragment(inline) => &inline.node.selection_set.node,
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    match document.fragments.get(name) {
                        Some(fragment) if found.insert(name.clone()) => {
                            &fragment.node.selection_set.node
                        }
                        _ => continue,
                    }
                }
            });
        }
    }
    found
}

struct Rewriter<'a> {
    /// The document's fragments as they were.
    fragments: &'a Fragments,
    /// The fragments that it is in. One that holds itself is left alone, to be refused.
    inside: Vec<Name>,
}

/// Where a fragment on a union stands.
struct Place<'a> {
    /// The type around it.
    parent: &'a str,
    /// What can be there.
    possible: &'a [Name],
    /// What of that is in the union.
    wanted: Vec<Name>,
}

impl Rewriter<'_> {
    /// Rewrites what is selected from a value of type `parent`.
    fn set(&mut self, set: &mut SelectionSet, parent: &str) {
        self.set_of(set, parent, &TYPES.possible(parent).unwrap_or_default());
    }

    /// The same for a value of which is known that it is one of the `possible` types.
    fn set_of(&mut self, set: &mut SelectionSet, parent: &str, possible: &[Name]) {
        for item in std::mem::take(&mut set.items) {
            self.item(item, parent, possible, &mut set.items);
        }
    }

    /// Adds to `to` what a selection from a value of type `parent` becomes, which is one of the `possible` types.
    fn item(&mut self, mut item: Item, parent: &str, possible: &[Name], to: &mut Vec<Item>) {
        match &mut item.node {
            Selection::Field(field) => self.field(&mut field.node, parent),
            Selection::InlineFragment(inline) => {
                let condition = inline.node.type_condition.as_ref();
                let condition = condition.map(|it| it.node.on.node.clone());
                let union = condition.as_ref().and_then(|name| TYPES.members(name));
                match wanted(possible, union) {
                    Some(wanted) => {
                        let place = Place {
                            parent,
                            possible,
                            wanted,
                        };
                        to.extend(self.apart(inline.node.clone(), &place, item.pos));
                        return;
                    }
                    None => {
                        let set = &mut inline.node.selection_set.node;
                        match condition {
                            Some(name) => self.set(set, &name),
                            None => self.set_of(set, parent, possible),
                        }
                    }
                }
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                let fragment = self.fragments.get(name).map(|fragment| &fragment.node);
                let union = fragment.and_then(|it| TYPES.members(&it.type_condition.node.on.node));
                if let (Some(fragment), Some(wanted), false) = (
                    fragment,
                    wanted(possible, union),
                    self.inside.contains(name),
                ) {
                    let inline = InlineFragment {
                        type_condition: None,
                        directives: spread.node.directives.clone(),
                        selection_set: fragment.selection_set.clone(),
                    };
                    let place = Place {
                        parent,
                        possible,
                        wanted,
                    };
                    self.inside.push(name.clone());
                    to.extend(self.apart(inline, &place, item.pos));
                    self.inside.pop();
                    return;
                }
            }
        }
        to.push(item);
    }

    /// What a fragment on a union becomes: its selections, as far as they can be of use where it stands.
    fn apart(&mut self, fragment: InlineFragment, place: &Place<'_>, pos: Pos) -> Vec<Item> {
        let mut items = Vec::new();
        for item in fragment.selection_set.node.items {
            let condition = match &item.node {
                Selection::Field(_) => {
                    items.extend(place.typename(item));
                    continue;
                }
                Selection::InlineFragment(inline) => inline.node.type_condition.as_ref(),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragments.get(&spread.node.fragment_name.node);
                    fragment.map(|it| &it.node.type_condition)
                }
            };
            let condition = condition.map(|it| &it.node.on.node);
            let is_object = condition.is_some_and(|name| TYPES.is_object(name));
            let is_wanted = condition.is_none_or(|name| place.wanted.contains(name));
            if is_wanted || !is_object {
                self.item(item, place.parent, &place.wanted, &mut items);
            }
        }
        if fragment.directives.is_empty() || items.is_empty() {
            return items;
        }
        let selection_set = Positioned::new(SelectionSet { items }, pos);
        let inline = InlineFragment {
            type_condition: None,
            directives: fragment.directives,
            selection_set,
        };
        vec![inline_item(inline, pos)]
    }

    fn field(&mut self, field: &mut Field, parent: &str) {
        let Some(definition) = TYPES.field(parent, &field.name.node) else {
            return;
        };
        let set = &mut field.selection_set;
        if set.node.items.is_empty() {
            return;
        }
        self.set(&mut set.node, named(&definition.ty.node));
        let is_sure = |item: &Item| match &item.node {
            Selection::Field(field) => field.node.directives.is_empty(),
            _ => false,
        };
        if !set.node.items.iter().any(is_sure) {
            set.node.items.push(typename(set.pos));
        }
    }
}

impl Place<'_> {
    /// What the type's name becomes when a fragment on the union asks for it.
    fn typename(&self, item: Item) -> Vec<Item> {
        if self.wanted.len() == self.possible.len() {
            return vec![item];
        }
        let only_for = |name: &Name| {
            let pos = item.pos;
            let on = Positioned::new(name.clone(), pos);
            let items = vec![item.clone()];
            let inline = InlineFragment {
                type_condition: Some(Positioned::new(TypeCondition { on }, pos)),
                directives: Vec::new(),
                selection_set: Positioned::new(SelectionSet { items }, pos),
            };
            inline_item(inline, pos)
        };
        self.wanted.iter().map(only_for).collect()
    }
}

/// The members of a union that are possible; none when there are none, which is an error, or when it is no union.
fn wanted(possible: &[Name], union: Option<Vec<Name>>) -> Option<Vec<Name>> {
    let mut members = union?;
    members.retain(|name| possible.contains(name));
    (!members.is_empty()).then_some(members)
}

fn inline_item(inline: InlineFragment, pos: Pos) -> Item {
    let inline = Positioned::new(inline, pos);
    Positioned::new(Selection::InlineFragment(inline), pos)
}

/// The type's name, under a name that [`clean`] knows.
fn typename(pos: Pos) -> Item {
    let field = Field {
        alias: Some(Positioned::new(Name::new(UNASKED), pos)),
        name: Positioned::new(Name::new("__typename"), pos),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::default(),
    };
    let field = Positioned::new(field, pos);
    Positioned::new(Selection::Field(field), pos)
}
