package presence.load.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import presence.load.process.NodeProcess;

/// A node in its pod.
///
/// @param address of its own, which no other pod of a run has
public record Pod(String name, String address, NodeProcess process) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// As the API lists it while it runs.
  static ObjectNode running(String name, String address, Manifests manifests) {
    ObjectNode pod = JSON.createObjectNode();
    pod.putObject("metadata")
        .put("name", name)
        .put("namespace", manifests.namespace())
        .set("labels", manifests.template().at("/metadata/labels"));
    pod.set("spec", manifests.template().path("spec"));
    pod.putObject("status").put("phase", "Running").put("podIP", address);
    return pod;
  }

  /// As the API lists it from the moment it is to go.
  static ObjectNode terminating(ObjectNode running, Instant since) {
    ObjectNode pod = running.deepCopy();
    pod.withObject("/metadata").put("deletionTimestamp", since.toString());
    return pod;
  }
}
