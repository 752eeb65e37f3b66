//! The only code that also runs in the browser. Each island is small, and each page works without it.

mod composer;
mod file_picker;

pub use composer::Composer;
pub use file_picker::FilePicker;
