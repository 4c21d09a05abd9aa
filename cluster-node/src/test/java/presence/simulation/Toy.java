package presence.simulation;

/// Marks what the toys of these tests write to the journal.
interface Toy {}
