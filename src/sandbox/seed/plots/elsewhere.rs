//! What is between the tenants: a thread without one, one that was merged, one that customers never see.

use crate::sandbox::{
    enums::ThreadChannel::{Chat, Email, Internal},
    seed::plot::{Beat::*, DAY, HOUR, Plot},
};

#[rustfmt::skip]
pub const PLOTS: &[Plot] = &[
    Plot {
        ago: 4 * DAY + HOUR, who: "lena", tenant: None, channel: Email, title: "Training for independent consultants",
        beats: &[
            (0, Says("lena", "Hello, apart from my work for two of your customers I would like to become a certified Fieldnote planner. Is there a course for independents, and does it take place in person?")),
            (DAY, Answers("sam", "Hi Lena, there is: two days online, then an exam on a data set of your own choice. The next one starts on the 9th and has three places left. Shall I keep one for you?")),
            (DAY + 1, Waits("sam")),
        ],
    },
    Plot {
        ago: 7 * DAY + 3 * HOUR, who: "ken", tenant: Some("acct_mora"), channel: Chat, title: "App is slow (sent twice, sorry)",
        beats: &[
            (0, Says("ken", "Second try as the first did not seem to go through: the job list takes 20 seconds to open on all tablets since Monday.")),
        ],
    },
    Plot {
        ago: 7 * DAY + 2 * HOUR, who: "ken", tenant: Some("acct_mora"), channel: Chat, title: "Job list takes 20 seconds to open",
        beats: &[
            (0, Says("ken", "The job list takes about 20 seconds to open on our tablets. It used to be two. Only the list, single jobs are quick.")),
            (10, Merges("sam", "App is slow (sent twice, sorry)")),
            (14, Answers("sam", "Hi Ken, both messages arrived, I have put them together here. Your list has 3,400 archived jobs that should not be in it; an import on Monday un-archived them. I put them back now, please pull down to refresh in five minutes.")),
            (29, Says("ken", "Two seconds. 👍")),
            (30, Closes("sam")),
        ],
    },
    Plot {
        ago: 9 * DAY + 8 * HOUR, who: "magnus", tenant: Some("acct_halden"), channel: Internal, title: "Halden renewal: what we may offer",
        beats: &[
            (0, Answers("sam", "Internal only: Halden's renewal is due in six weeks. Magnus compares us with two others. Up to 8 % on a two-year term is fine, the Norwegian report is what they really want.")),
            (40, Answers("theo", "Product confirms Bokmål for the next big release. I would not mention the 8 % before they ask.")),
        ],
    },
];
