//! A cache with one limit that bounds both its entries and their bytes.

use std::hash::Hash;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

/// What a cache can keep.
pub(crate) trait Weighty {
    /// How many bytes it takes.
    fn bytes(&self) -> u64;
}

/// Keeps what was used last.
pub(crate) type BoundedCache<K, V> = Cache<K, V, Weight>;

/// An entry weighs its size, but at least an equal share of the limit in bytes.
#[derive(Debug, Clone)]
pub(crate) struct Weight {
    share: u64,
}

impl<K, V: Weighty> Weighter<K, V> for Weight {
    fn weight(&self, _key: &K, value: &V) -> u64 {
        value.bytes().max(self.share)
    }
}

/// An empty cache for at most `max_entries` entries and `max_bytes` bytes. What is larger by itself is not kept.
pub(crate) fn bounded_cache<K: Eq + Hash, V: Weighty + Clone>(
    max_entries: u64,
    max_bytes: u64,
) -> BoundedCache<K, V> {
    // One shard, because each has its own part of the limit, and a large entry must fit into it.
    let options = OptionsBuilder::new()
        .shards(1)
        .estimated_items_capacity(usize::try_from(max_entries).unwrap_or(usize::MAX))
        .weight_capacity(max_bytes)
        .build()
        .expect("complete options");
    let weight = Weight { share: max_bytes / max_entries };
    Cache::with_options(options, weight, DefaultHashBuilder::default(), DefaultLifecycle::default())
}
