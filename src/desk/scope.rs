//! Who sees what: the one rule, and the question to Plain that follows from it.

use super::Desk;
use crate::{
    model::{Scope, Whose},
    plain::operations::{Id, TenantIdentifierInput, Thread, ThreadChannel, ThreadsFilter},
};

impl Desk {
    /// The thread is in the viewer's scope, and not internal. Whatever Plain answers, only this lets a thread through.
    ///
    /// `whole`: nothing of the answer is missing. A tenant that could not be loaded is not the same as none.
    pub(super) fn may_see(&self, thread: &Thread, whole: bool) -> bool {
        let viewer = self.viewer();
        let tenant = thread.tenant.as_ref().map(|tenant| tenant.id.inner());
        let own = thread.customer.id.inner() == viewer.customer_id;
        let in_scope = match &viewer.scope {
            Scope::Team(team) => tenant == Some(team.id.as_str()),
            Scope::OwnIn(team) => own && tenant.map_or(whole, |tenant| tenant == team.id),
            Scope::Own {} => own,
        };
        in_scope && thread.channel != ThreadChannel::Internal
    }

    /// What narrows a list of Plain's to the viewer's scope, or to their own requests in it.
    ///
    /// Plain cannot be asked for "without a tenant": a list of one's own holds other teams' requests as well, which
    /// [`Self::may_see`] leaves out. Its pages may be short.
    pub(super) fn scope_filter(&self, whose: Whose) -> ThreadsFilter {
        let viewer = self.viewer();
        let own = || Some(vec![Id::new(&viewer.customer_id)]);
        match (&viewer.scope, whose) {
            (Scope::Team(team), whose) => ThreadsFilter {
                tenant_identifiers: Some(vec![TenantIdentifierInput::by_id(&team.id)]),
                customer_ids: match whose {
                    Whose::Team => None,
                    Whose::Mine => own(),
                },
                ..ThreadsFilter::default()
            },
            (Scope::OwnIn(_) | Scope::Own {}, _) => ThreadsFilter {
                customer_ids: own(),
                ..ThreadsFilter::default()
            },
        }
    }
}
