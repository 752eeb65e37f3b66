//! Mutations of labels and of their types.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{Done, need_thread, output};
use crate::sandbox::{
    enums::LabelTypeType,
    errors::{MutationError, Problems, Refusal},
    records,
    schema::{
        label::{Label, LabelType},
        thread::Thread,
    },
    state::State,
    store::store,
};

#[derive(InputObject)]
pub struct AddLabelsInput {
    label_type_ids: Vec<ID>,
    thread_id: ID,
}

#[derive(InputObject)]
pub struct RemoveLabelsInput {
    label_ids: Vec<ID>,
}

#[derive(InputObject)]
pub struct CreateLabelTypeInput {
    name: String,
    icon: Option<String>,
    color: Option<String>,
    #[graphql(name = "type")]
    kind: Option<LabelTypeType>,
    description: Option<String>,
    parent_label_type_id: Option<ID>,
    external_id: Option<String>,
    is_excluded_from_ai: Option<bool>,
}

#[derive(InputObject)]
pub struct ArchiveLabelTypeInput {
    label_type_id: ID,
}

/// The labels that were added, and their thread.
#[derive(SimpleObject)]
pub struct AddLabelsOutput {
    labels: Vec<Label>,
    thread: Option<Thread>,
    error: Option<MutationError>,
}

output!(RemoveLabelsOutput { thread: Thread });
output!(CreateLabelTypeOutput {
    label_type: LabelType
});
output!(ArchiveLabelTypeOutput {
    label_type: LabelType
});

#[derive(Default)]
pub struct LabelMutations;

#[Object]
impl LabelMutations {
    /// All or none: a label type that is archived, or whose label the thread has already, is an error.
    async fn add_labels(&self, ctx: &Context<'_>, input: AddLabelsInput) -> AddLabelsOutput {
        let mut state = store(ctx).lock();
        match add_labels(&mut state, &input) {
            Ok((labels, thread)) => AddLabelsOutput {
                labels,
                thread: Some(thread),
                error: None,
            },
            Err(refusal) => AddLabelsOutput {
                labels: Vec::new(),
                thread: None,
                error: Some(refusal.into()),
            },
        }
    }

    /// All labels must be on one thread.
    async fn remove_labels(
        &self,
        ctx: &Context<'_>,
        input: RemoveLabelsInput,
    ) -> RemoveLabelsOutput {
        let mut state = store(ctx).lock();
        remove_labels(&mut state, &input.label_ids).into()
    }

    async fn create_label_type(
        &self,
        ctx: &Context<'_>,
        input: CreateLabelTypeInput,
    ) -> CreateLabelTypeOutput {
        let mut state = store(ctx).lock();
        create_label_type(&mut state, input).into()
    }

    /// Labels of the type stay where they are.
    async fn archive_label_type(
        &self,
        ctx: &Context<'_>,
        input: ArchiveLabelTypeInput,
    ) -> ArchiveLabelTypeOutput {
        let mut state = store(ctx).lock();
        archive_label_type(&mut state, &input.label_type_id).into()
    }
}

/// The ids of the label types for new labels of a thread that has these labels already.
pub fn new_label_types(state: &State, labels: &[records::Label], ids: &[ID]) -> Done<Vec<String>> {
    let mut new = Vec::new();
    for (place, id) in ids.iter().enumerate() {
        let field = format!("labelTypeIds[{place}]");
        let Some(found) = state.label_types.get(id) else {
            return Err(Refusal::not_found(field, "There is no such label type."));
        };
        if found.archived.is_some() {
            return Err(Refusal::new(
                "cannot_add_label_using_archived_label_type",
                format!("The label type {} is archived.", found.id),
            ));
        }
        if labels.iter().any(|label| label.label_type_id == found.id) || new.contains(&found.id) {
            return Err(Refusal::new(
                "label_with_given_type_already_added_to_thread",
                format!("The thread has a label of the type {} already.", found.id),
            ));
        }
        new.push(found.id.clone());
    }
    Ok(new)
}

fn add_labels(state: &mut State, input: &AddLabelsInput) -> Done<(Vec<Label>, Thread)> {
    let mut problems = Problems::default();
    if input.label_type_ids.is_empty() {
        problems.missing("labelTypeIds");
    }
    problems.finish()?;
    let thread = need_thread(state, "threadId", &input.thread_id)?;
    let types = new_label_types(state, &thread.labels, &input.label_type_ids)?;
    let stamp = state.stamp();
    let new = state.new_labels(&stamp, &types);
    let all = [thread.labels.as_slice(), new.as_slice()].concat();
    state.set_labels(&thread.id, stamp, all);
    let thread = need_thread(state, "threadId", &input.thread_id)?;
    Ok((new.into_iter().map(Label::from).collect(), thread.into()))
}

fn remove_labels(state: &mut State, ids: &[ID]) -> Done<Thread> {
    let mut problems = Problems::default();
    if ids.is_empty() {
        problems.missing("labelIds");
    }
    problems.finish()?;
    let has = |thread: &records::Thread, id: &ID| thread.labels.iter().any(|it| it.id == **id);
    let mut threads = state.threads.iter().cloned();
    let thread = threads.find(|thread| ids.iter().any(|id| has(thread, id)));
    drop(threads);
    let mut problems = Problems::default();
    for (place, id) in ids.iter().enumerate() {
        if thread.as_ref().is_none_or(|thread| !has(thread, id)) {
            problems.not_found(
                format!("labelIds[{place}]"),
                "The thread has no such label.",
            );
        }
    }
    problems.finish()?;
    let (thread_id, mut left) = match thread {
        Some(thread) => (thread.id.clone(), thread.labels.clone()),
        None => Default::default(),
    };
    left.retain(|label| ids.iter().all(|id| **id != label.id));
    let stamp = state.stamp();
    state.set_labels(&thread_id, stamp, left);
    Ok(need_thread(state, "labelIds", &thread_id)?.into())
}

fn create_label_type(state: &mut State, input: CreateLabelTypeInput) -> Done<LabelType> {
    let mut problems = Problems::default();
    problems.text("name", &input.name);
    if input.parent_label_type_id.is_some() {
        problems.not_in_sandbox("parentLabelTypeId");
    }
    problems.optional_text("externalId", input.external_id.as_deref());
    let external_id = input.external_id.as_deref();
    if external_id.is_some_and(|id| state.label_type_by_external_id(id).is_some()) {
        problems.invalid("externalId", "Another label type has this external id.");
    }
    problems.finish()?;
    let stamp = state.stamp();
    let label_type = records::LabelType {
        id: state.ids.next("lt", stamp.at),
        name: input.name,
        icon: input.icon,
        color: input.color,
        kind: input.kind.unwrap_or(LabelTypeType::Default),
        description: input.description,
        external_id: input.external_id,
        is_excluded_from_ai: input.is_excluded_from_ai.unwrap_or(false),
        position: state.label_types.next_place(),
        archived: None,
        created: stamp,
    };
    Ok(state.label_types.add(label_type).into())
}

fn archive_label_type(state: &mut State, id: &str) -> Done<LabelType> {
    let stamp = state.stamp();
    if let Some(row) = state.label_types.edit(id) {
        row.archived.get_or_insert(stamp);
    }
    let found = state.label_types.get(id).cloned();
    let missing = || Refusal::not_found("labelTypeId", "There is no such label type.");
    Ok(found.ok_or_else(missing)?.into())
}
