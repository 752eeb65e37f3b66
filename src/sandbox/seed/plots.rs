//! The plots: what happened in Fieldnote's support in the last month.

pub mod rollout;

mod elsewhere;
mod halden;
mod mora;
mod northwind;

use super::plot::Plot;

/// All plots but the roll-out, in no particular order.
pub fn all<'a>() -> impl Iterator<Item = &'a Plot<'a>> {
    [
        northwind::PLOTS,
        halden::PLOTS,
        mora::PLOTS,
        elsewhere::PLOTS,
    ]
    .into_iter()
    .flatten()
}
