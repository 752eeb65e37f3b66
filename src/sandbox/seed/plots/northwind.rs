//! Northwind Facilities: cleaning and maintenance for offices, 200 technicians.

use crate::sandbox::{
    enums::ThreadChannel::Api,
    seed::plot::{
        Beat::{self, *},
        DAY, Extras, HOUR, Plot,
    },
};

pub fn plots() -> Vec<Plot> {
    vec![Plot {
        ago: DAY,
        who: "ines",
        tenant: Some("acct_northwind"),
        channel: Api,
        title: "x",
        beats: &[(0, Form("hi", &[("Area", "b")])), (HOUR, Says("ines", "x"))],
    }]
}
