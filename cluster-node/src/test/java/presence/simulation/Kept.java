package presence.simulation;

import java.io.NotSerializableException;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializers;

/// A payload as the journal keeps it.
interface Kept {

  /// The payload, read anew at every call.
  Object payload();

  /// As bytes, if a serializer is bound to its class (as to `presence.cluster.Remote`); else as it
  /// is.
  static Kept of(Object payload, Serialization serialization) {
    try {
      var serializer = serialization.serializerFor(payload.getClass());
      var manifest = Serializers.manifestFor(serializer, payload);
      var bytes = serializer.toBinary(payload);
      return () -> serialization.deserialize(bytes, serializer.identifier(), manifest).get();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      if (e instanceof NotSerializableException) {
        return () -> payload;
      }
      throw new IllegalStateException("cannot keep " + payload, e);
    }
  }
}
