//! Mora Solar: solar roofs, crews in the field, reports for the grid operator.

use crate::sandbox::{
    enums::ThreadChannel::{Api, Chat, Email},
    seed::plot::{Beat::*, DAY, Extras, HOUR, Plot},
};

const TENANT: Option<&str> = Some("acct_mora");

#[rustfmt::skip]
pub const PLOTS: &[Plot] = &[
    Plot {
        ago: 7 * HOUR, who: "dunja", tenant: TENANT, channel: Email, title: "Grid report: kWh column is empty for three sites",
        beats: &[
            (0, Mail("dunja", r#"Hello,

the monthly grid report has no value in the kWh column for three sites:

| Site | Month before | Last month |
|---|---:|---:|
| Orsa school | 4,120 | 3,890 |
| Rättvik pool | 7,455 | *empty* |
| Leksand depot | 2,980 | *empty* |
| Siljan camping | 1,132 | *empty* |

The meters are readable in your app. I have to send the report by **Friday noon**.

Kind regards, Dunja"#, Extras { cc: &[("Alma Nyström", "alma.nystrom@morasolar.example")], bcc: &[("Mora auditors", "audit@ledger-partners.example")], files: &[("grid-report.xlsx", 63_902, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")], ..Extras::NONE })),
            (25, Takes("theo")),
            (26, Priority("theo", 1)),
            (70, Answers("theo", "Hello Dunja, the three sites got new meters last month, and the report still asks the old ones. I have linked the new meters; the numbers appear with the next run, in an hour. Would you check them then? You will have them well before Friday.")),
            (3 * HOUR, Says("dunja", "The pool and the depot are right now. **Siljan camping** shows 11,320. That would be a lot of sun for one campsite, I think a decimal point has moved.")),
        ],
    },
    Plot {
        ago: DAY + HOUR, who: "ken", tenant: TENANT, channel: Chat, title: "Checklist loses ticks when the tablet sleeps",
        beats: &[
            (0, Says("ken", "The roof safety checklist loses the last ticks when the tablet goes to sleep. Annoying, with gloves on, on a roof.")),
            (8, Answers("sam", "I believe you! How many ticks are lost, and is the tablet offline up there?")),
            (10, Says("ken", "Usually the last two or three. And yes, no signal on most roofs.")),
            (31, Answers("sam", "Thanks, I can make it happen here: ticks were saved every ten seconds only. From 8.4.1 each tick is saved at once. I can put your crew's six tablets on the preview tonight, shall I?")),
            (32, Waits("sam")),
            (4 * HOUR, Says("ken", "Yes, all six. We are on the school roof from seven tomorrow.")),
        ],
    },
    Plot {
        ago: 3 * DAY + 5 * HOUR, who: "alma", tenant: TENANT, channel: Api, title: "Block a day for the whole crew",
        beats: &[
            (0, Form("We have first-aid training on the 12th. Can I block that day for all 23 people at once, so that nothing can be planned on it? So far I add an absence for each.", &[("Area", "Planning"), ("Urgency", "A question")])),
            (3 * HOUR, Answers("theo", "Hi Alma, yes: **Calendar → Company days → Add**, choose *Crew: all* and *No jobs*. Jobs that are already on that day are listed, so that you can move them.")),
            (3 * HOUR + 1, Waits("theo")),
        ],
    },
    Plot {
        ago: 5 * DAY + 7 * HOUR, who: "lena", tenant: TENANT, channel: Api, title: "Compare two plans side by side",
        beats: &[
            (0, Form(r#"For Mora I prepare two plans for the winter:

* **A**: two crews of four, start in Mora
* **B**: four crews of two, start at home

Can I see both next to each other, with driving time and overtime? Switching back and forth makes me dizzy."#, &[("Area", "Planning"), ("Urgency", "A question")])),
            (DAY, Answers("sam", r#"Hi Lena, there is a comparison, a little hidden: mark both drafts in the list and press **C**. You get driving time, overtime and open jobs in two columns, and a map that shows the difference.

More about it: [Comparing plans](https://help.fieldnote.example/planning/compare)."#)),
            (DAY + 2 * HOUR, Says("lena", "That is exactly what I wanted. Why is it hidden?")),
            (DAY + 3 * HOUR, Answers("sam", "A fair question, which I have just asked out loud in the office.")),
            (DAY + 3 * HOUR + 1, Closes("sam")),
        ],
    },
    Plot {
        ago: 10 * DAY, who: "dunja", tenant: TENANT, channel: Api, title: "Different VAT rates on one quote",
        beats: &[
            (0, Form("From next year panels have 0 % VAT and the mounting 25 %. A quote in Fieldnote has one rate for everything. How do other customers do that?", &[("Area", "Billing"), ("Urgency", "Slows us down")])),
            (4 * HOUR, Labels("theo", &["Billing"])),
            (5 * HOUR, Answers("theo", "Hi Dunja, rates per line arrive on the 3rd of next month. Until then most split the quote into two parts under one number (`Q-311/1`, `Q-311/2`), which the customer sees as one document. I have written it up here: [Quotes in parts](https://help.fieldnote.example/quotes/parts).")),
            (5 * HOUR + 1, Sleeps("theo", 24 * 14)),
        ],
    },
    Plot {
        ago: 14 * DAY, who: "ken", tenant: TENANT, channel: Chat, title: "Voice notes instead of typing?",
        beats: &[
            (0, Says("ken", "Is there a way to dictate visit notes? Typing with cold fingers makes poems, but not good ones.")),
            (3, Answers("sam", "😄 Long-press the note field and choose the microphone. It understands Swedish and English, also offline once the language is downloaded (Settings → Voice).")),
            (20, Says("ken", "\"Inverter replaced, string two cleaned, customer gave us cinnamon buns.\" Perfect on the first try.")),
            (21, Answers("sam", "That one goes on our wall.")),
            (22, Closes("sam")),
        ],
    },
    Plot {
        ago: 18 * DAY, who: "alma", tenant: TENANT, channel: Email, title: "Weather warning before a roof job",
        beats: &[
            (0, Says("alma", r#"Hi,

we cancel roof jobs at more than **12 m/s** of wind. At the moment somebody looks at the forecast every evening and moves jobs by hand. Could Fieldnote warn us?

What would help most:

1. a mark on jobs of type *roof* for tomorrow,
2. a list at 15:00 with everything above the limit,
3. and, in a perfect world, a suggestion for another day.

Alma"#)),
            (DAY, Answers("theo", "Hi Alma, points 1 and 2 exist as *Weather rules* (**Settings → Rules → Weather**): type *roof*, wind above 12 m/s, tell the planners at 15:00. Point 3 is on our list, and your letter is pinned to it.")),
            (2 * DAY, Says("alma", "The rule caught two jobs on its first afternoon. Happy to test point 3 when it comes.")),
            (2 * DAY + 12, Closes("theo")),
        ],
    },
    Plot {
        ago: 24 * DAY, who: "dunja", tenant: TENANT, channel: Email, title: "New bank account for direct debit",
        beats: &[
            (0, Says("dunja", "We change banks on the 1st. Where do I enter the new account? I would rather not send the number by e-mail.")),
            (30, Answers("sam", "Quite right, please do not. **Billing → Payment → Replace account**; it asks for a second confirmation by your finance approver, which is Alma. The old account stays valid for invoices that are already out.")),
            (DAY, Says("dunja", "Entered and confirmed.")),
            (DAY + 2, Closes("sam")),
        ],
    },
];
