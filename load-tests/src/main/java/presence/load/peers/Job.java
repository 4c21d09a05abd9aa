package presence.load.peers;

/// What every server is measured at, in processor time of the server unless it says otherwise.
enum Job {
  CONNECT("bare connect", "ms a socket", 1e3),
  JOIN("join storm, beyond the connect", "ms a member", 1e3),
  GROWTH("join storm of many, ours alone", "ms a member", 1e3),
  ONE("fan-out, one at a time", "µs a delivery", 1e6),
  PACED("fan-out, one each 250 ms", "µs a delivery", 1e6),
  MANY("fan-out, 32 in flight", "µs a delivery", 1e6),
  CHANGES("one comes or leaves, 5 a second", "ms a change", 1e3),
  BUSY("200 changes a second, ours alone", "ms a change", 1e3),
  IDLE("idle, processor time", "µs a second and member", 1e6),
  MEMORY("idle, memory", "KB a member", 1 / 1024.0);

  private final String title;
  private final String unit;
  private final double perUnit;

  Job(String title, String unit, double perUnit) {
    this.title = title;
    this.unit = unit;
    this.perUnit = perUnit;
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  /// In this job's unit.
  ///
  /// @param total seconds, or bytes
  double cost(double total, double times) {
    return total * perUnit / times;
  }
}
