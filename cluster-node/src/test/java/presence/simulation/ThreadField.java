package presence.simulation;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/// Private fields of a thread that decide what its [java.util.concurrent.ThreadLocalRandom] draws.
/// They are written by reflection, because the compiler warns of the class that may write them and
/// the warning cannot be turned off.
enum ThreadField {
  /// What the next draw starts from.
  SEED("threadLocalRandomSeed"),
  /// The thread's number, which every draw adds.
  NUMBER("tid");

  private static final Object UNSAFE;
  private static final Method PUT;
  private static final Method OFFSET;

  static {
    try {
      var type = Class.forName("sun.misc.Unsafe");
      var instance = type.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      UNSAFE = instance.get(null);
      PUT = type.getMethod("putLong", Object.class, long.class, long.class);
      OFFSET = type.getMethod("objectFieldOffset", Field.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;

  ThreadField(String name) {
    this.name = name;
  }

  void set(Thread thread, long value) {
    try {
      var offset = (long) OFFSET.invoke(UNSAFE, Thread.class.getDeclaredField(name));
      PUT.invoke(UNSAFE, thread, offset, value);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot set " + name + " of a thread", e);
    }
  }
}
