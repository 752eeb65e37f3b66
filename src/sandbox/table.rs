//! Rows in the order in which they were added, found by id.

use std::{collections::HashMap, sync::Arc};

/// Something with an id that never changes.
pub trait Row: Clone {
    /// The id, with its prefix.
    fn id(&self) -> &str;
}

/// A table that only grows. Readers keep the row as it was when they read it.
pub struct Table<T> {
    rows: Vec<Arc<T>>,
    places: HashMap<String, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<T: Row> Table<T> {
    /// Adds a row at the end.
    pub fn add(&mut self, row: T) -> Arc<T> {
        let row = Arc::new(row);
        self.places.insert(row.id().to_owned(), self.rows.len());
        self.rows.push(Arc::clone(&row));
        row
    }

    /// The row with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<T>> {
        self.rows.get(*self.places.get(id)?)
    }

    /// The row with this id, to change it.
    pub fn edit(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(*self.places.get(id)?).map(Arc::make_mut)
    }

    /// All rows, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> {
        self.rows.iter()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row at this place, from 0.
    pub fn at(&self, place: usize) -> Option<&Arc<T>> {
        self.rows.get(place)
    }
}
