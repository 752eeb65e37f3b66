//! The people of the story.

use jiff::Timestamp;

use crate::sandbox::{
    records::{Stamp, User, Who},
    state::State,
};

/// Somebody who uses Fieldnote, the fictional host product, and writes to its support.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub external_id: &'static str,
    pub name: &'static str,
    pub email: &'static str,
    pub role: &'static str,
    /// External id and name of each tenant; the first is where they work.
    pub tenants: &'static [(&'static str, &'static str)],
}

const NORTHWIND: (&str, &str) = ("acct_northwind", "Northwind Facilities");
const HALDEN: (&str, &str) = ("acct_halden", "Halden Lifts");
const MORA: (&str, &str) = ("acct_mora", "Mora Solar");

/// Everybody who can sign in to Fieldnote. Lena alone belongs to two tenants.
pub const PEOPLE: &[Person] = &[
    Person {
        external_id: "usr_ines",
        name: "Ines Marchetti",
        email: "ines.marchetti@northwind-facilities.example",
        role: "Operations manager",
        tenants: &[NORTHWIND],
    },
    Person {
        external_id: "usr_tom",
        name: "Tom Adeyemi",
        email: "tom.adeyemi@northwind-facilities.example",
        role: "Dispatcher",
        tenants: &[NORTHWIND],
    },
    Person {
        external_id: "usr_priya",
        name: "Priya Raman",
        email: "priya.raman@northwind-facilities.example",
        role: "IT administrator",
        tenants: &[NORTHWIND],
    },
    Person {
        external_id: "usr_lena",
        name: "Lena Fischer",
        email: "lena@fischer-planning.example",
        role: "Scheduling consultant",
        tenants: &[NORTHWIND, MORA],
    },
    Person {
        external_id: "usr_magnus",
        name: "Magnus Lie",
        email: "magnus.lie@haldenlifts.example",
        role: "Head of service",
        tenants: &[HALDEN],
    },
    Person {
        external_id: "usr_oda",
        name: "Oda Berg",
        email: "oda.berg@haldenlifts.example",
        role: "Dispatcher",
        tenants: &[HALDEN],
    },
    Person {
        external_id: "usr_rafael",
        name: "Rafael Costa",
        email: "rafael.costa@haldenlifts.example",
        role: "Integration developer",
        tenants: &[HALDEN],
    },
    Person {
        external_id: "usr_alma",
        name: "Alma Nyström",
        email: "alma.nystrom@morasolar.example",
        role: "Operations lead",
        tenants: &[MORA],
    },
    Person {
        external_id: "usr_ken",
        name: "Ken Watanabe",
        email: "ken.watanabe@morasolar.example",
        role: "Field supervisor",
        tenants: &[MORA],
    },
    Person {
        external_id: "usr_dunja",
        name: "Dunja Petrović",
        email: "dunja.petrovic@morasolar.example",
        role: "Finance and reporting",
        tenants: &[MORA],
    },
];

/// Key in the plots, full name, public name, e-mail address. Customers may see the public name only.
const AGENTS: &[(&str, &str, &str, &str)] = &[
    (
        "sam",
        "Samira Okonkwo-Vance",
        "Sam",
        "s.okonkwo-vance@fieldnote-staff.example",
    ),
    (
        "theo",
        "Theodor Brandvold",
        "Theo",
        "t.brandvold@fieldnote-staff.example",
    ),
];

/// Adds the agents, in the order of their keys.
pub fn add_agents(state: &mut State, at: Timestamp) {
    for (_, full_name, public_name, email) in AGENTS {
        let id = state.ids.next("u", at);
        state.users.add(User {
            id,
            full_name: (*full_name).to_owned(),
            public_name: (*public_name).to_owned(),
            email: (*email).to_owned(),
            created: Stamp {
                at,
                by: Who::System,
            },
        });
    }
}

/// The agent with this key in the plots.
pub fn agent(state: &State, key: &str) -> Option<Who> {
    let place = AGENTS.iter().position(|agent| agent.0 == key)?;
    Some(Who::User(state.users.at(place)?.id.clone()))
}

/// The external id of the person with this key in the plots: `ines` for `usr_ines`.
pub fn external_id(key: &str) -> String {
    format!("usr_{key}")
}
