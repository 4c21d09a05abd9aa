package presence.simulation;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/// Replaces the actor refs in a message, as serialization does when it crosses nodes: in records,
/// however deep, and in lists, sets, maps and optionals.
// Identity says whether anything was replaced; equality would compare whole messages again.
@SuppressWarnings("ReferenceEquality")
final class References {

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private References() {}

  /// The message with every ref replaced; the same object if none changed.
  static Object replace(Object message, UnaryOperator<ActorRef<?>> by) {
    return switch (message) {
      case ActorRef<?> ref -> by.apply(ref);
      case Record value -> record(value, by);
      case Optional<?> value -> value.isEmpty() ? value : optional(value, by);
      case List<?> values -> values.isEmpty() ? values : list(values, by);
      case Set<?> values -> values.isEmpty() ? values : set(values, by);
      case Map<?, ?> values -> values.isEmpty() ? values : map(values, by);
      default -> message;
    };
  }

  private static Object record(Record value, UnaryOperator<ActorRef<?>> by) {
    var shape = SHAPES.get(value.getClass());
    if (shape.leaf) {
      return value;
    }
    var parts = shape.parts(value);
    var changed = false;
    for (var i = 0; i < parts.length; i++) {
      var part = parts[i];
      if (part != null && !shape.leaves[i]) {
        var replaced = replace(part, by);
        changed |= replaced != part;
        parts[i] = replaced;
      }
    }
    return changed ? shape.make(parts) : value;
  }

  private static Object optional(Optional<?> value, UnaryOperator<ActorRef<?>> by) {
    var part = value.orElseThrow();
    var replaced = replace(part, by);
    return replaced == part ? value : Optional.of(replaced);
  }

  private static Object list(List<?> values, UnaryOperator<ActorRef<?>> by) {
    var replaced = values.stream().map(value -> replace(value, by)).toList();
    return same(values, replaced) ? values : replaced;
  }

  private static Object set(Set<?> values, UnaryOperator<ActorRef<?>> by) {
    var replaced =
        values.stream()
            .map(value -> replace(value, by))
            .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    return same(values, replaced) ? values : replaced;
  }

  private static Object map(Map<?, ?> values, UnaryOperator<ActorRef<?>> by) {
    var replaced = new java.util.LinkedHashMap<Object, Object>();
    values.forEach((key, value) -> replaced.put(replace(key, by), replace(value, by)));
    return same(values.keySet(), replaced.keySet()) && same(values.values(), replaced.values())
        ? values
        : replaced;
  }

  private static boolean same(Iterable<?> some, Iterable<?> others) {
    var other = others.iterator();
    for (var one : some) {
      if (!other.hasNext() || one != other.next()) {
        return false;
      }
    }
    return true;
  }

  /// How a type is taken apart and put together.
  private static final class Shape {
    final boolean leaf;
    final boolean[] leaves;
    private final Method[] accessors;
    private final @Nullable Constructor<?> constructor;

    Shape(
        boolean leaf, boolean[] leaves, Method[] accessors, @Nullable Constructor<?> constructor) {
      this.leaf = leaf;
      this.leaves = leaves;
      this.accessors = accessors;
      this.constructor = constructor;
    }

    static Shape of(Class<?> type) {
      if (!type.isRecord()) {
        return new Shape(true, new boolean[0], new Method[0], null);
      }
      var components = type.getRecordComponents();
      var leaves = new boolean[components.length];
      var leaf = true;
      for (var i = 0; i < leaves.length; i++) {
        leaves[i] = isLeaf(components[i].getType());
        leaf &= leaves[i];
      }
      var accessors =
          Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
      var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      try {
        var constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        for (var accessor : accessors) {
          accessor.setAccessible(true);
        }
        return new Shape(leaf, leaves, accessors, constructor);
      } catch (NoSuchMethodException e) {
        throw new LinkageError("a record without its constructor: " + type, e);
      }
    }

    private static boolean isLeaf(Class<?> type) {
      return type.isPrimitive()
          || type.isEnum()
          || type.isArray()
          || type == String.class
          || Number.class.isAssignableFrom(type)
          || Temporal.class.isAssignableFrom(type)
          || TemporalAmount.class.isAssignableFrom(type);
    }

    @Nullable Object[] parts(Record value) {
      var parts = new @Nullable Object[accessors.length];
      for (var i = 0; i < parts.length; i++) {
        try {
          parts[i] = accessors[i].invoke(value);
        } catch (ReflectiveOperationException e) {
          throw new LinkageError("cannot read " + accessors[i], e);
        }
      }
      return parts;
    }

    Object make(@Nullable Object[] parts) {
      if (constructor == null) {
        throw new IllegalStateException("not a record");
      }
      try {
        return constructor.newInstance(parts);
      } catch (InvocationTargetException e) {
        throw new IllegalArgumentException(
            constructor + " refuses " + Arrays.toString(parts), e.getCause());
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "cannot replace refs: " + constructor + " does not take " + Arrays.toString(parts), e);
      }
    }
  }
}
