//! Ids that look like Plain's: a prefix and a ULID, for example `th_01JZX3V7Q8…`.

use jiff::Timestamp;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// When the ids of a seed claim to be made, in milliseconds: the first moment of 2026.
const SEED_TIME: u64 = 1_767_225_600_000;

/// Makes ids.
#[derive(Default)]
pub struct Ids {
    made: u64,
    live: bool,
}

impl Ids {
    /// Ends the seed: until now ids held no real time, so that a sandbox has the same ids at each start.
    pub fn go_live(&mut self) {
        self.live = true;
    }

    /// The next id: `prefix`, `_`, and 26 characters of Crockford's base 32 that begin with the time `at`.
    pub fn next(&mut self, prefix: &str, at: Timestamp) -> String {
        self.made += 1;
        let millis = if self.live {
            u64::try_from(at.as_millisecond()).unwrap_or(0)
        } else {
            SEED_TIME + self.made * 1_000
        };
        let tail = u128::from(scatter(self.made)) << 16 | u128::from(self.made & 0xffff);
        let mut rest = u128::from(millis & 0xffff_ffff_ffff) << 80 | tail;
        let mut text = [0u8; 26];
        for place in text.iter_mut().rev() {
            *place = ALPHABET[(rest & 31) as usize];
            rest >>= 5;
        }
        format!("{prefix}_{}", String::from_utf8_lossy(&text))
    }
}

/// SplitMix64: spreads a counter over all bits and never gives the same number twice.
fn scatter(counter: u64) -> u64 {
    let mut z = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
