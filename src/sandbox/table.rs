//! Rows in the order in which they were added, found by id.

use std::{collections::HashMap, sync::Arc};

/// Something with an id that never changes.
pub trait Row: Clone {
    /// The id, with its prefix.
    fn id(&self) -> &str;
}

/// Rows keep their places: what is removed leaves its own empty. Readers keep the row as it was when they read it.
pub struct Table<T> {
    rows: Vec<Option<Arc<T>>>,
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
        self.rows.push(Some(Arc::clone(&row)));
        row
    }

    /// Takes the row with this id away.
    pub fn remove(&mut self, id: &str) {
        if let Some(place) = self.places.remove(id) {
            self.rows[place] = None;
        }
    }

    /// The row with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<T>> {
        self.at(*self.places.get(id)?)
    }

    /// The row with this id, to change it.
    pub fn edit(&mut self, id: &str) -> Option<&mut T> {
        let row = self.rows.get_mut(*self.places.get(id)?)?;
        row.as_mut().map(Arc::make_mut)
    }

    /// All rows, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> {
        self.rows.iter().flatten()
    }

    /// All places, the empty ones too.
    pub fn rows(&self) -> &[Option<Arc<T>>] {
        &self.rows
    }

    /// The place that the next row will have.
    pub fn next_place(&self) -> usize {
        self.rows.len()
    }

    /// All rows with their places, oldest first.
    pub fn placed(&self) -> impl Iterator<Item = (usize, &Arc<T>)> {
        let places = self.rows.iter().enumerate();
        places.filter_map(|(place, row)| Some((place, row.as_ref()?)))
    }

    /// The row at this place, from 0.
    pub fn at(&self, place: usize) -> Option<&Arc<T>> {
        self.rows.get(place)?.as_ref()
    }
}
