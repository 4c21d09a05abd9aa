package presence.node;

import static java.util.stream.Collectors.joining;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The settings of a node in their layers, checked: whatever overrides a default must be of the
/// default's kind. The defaults in `presence.conf` are thereby the only list of what can be set.
final class Settings {

  private static final Pattern DURATION = Pattern.compile("\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("\\d+\\s*(B|KiB|MiB)");
  private static final String DEFAULTS = "presence.conf";
  private static final String ROOT = "presence.";

  private Settings() {}

  /// Reads system properties, `environment`, the file of `-Dconfig.file` and the defaults, the
  /// first one that has a setting counts; returns the section `presence`.
  ///
  /// @throws ConfigurationError for the first setting that is not of its default's kind
  static Config load(Map<String, String> environment) {
    try {
      ConfigFactory.invalidateCaches();
      var defaults = ConfigFactory.parseResources(DEFAULTS);
      var merged =
          ConfigFactory.systemProperties()
              .withFallback(overrides(defaults, environment))
              .withFallback(ConfigFactory.defaultApplication())
              .withFallback(defaults)
              .resolve();
      defaults.entrySet().forEach(entry -> check(merged, entry.getKey(), entry.getValue()));
      refuseUnknown(merged, defaults);
      return merged.getConfig("presence");
    } catch (ConfigException e) {
      throw new ConfigurationError("The configuration cannot be read: " + e.getMessage(), e);
    }
  }

  /// The environment variable of a setting, `jwt.secret` → `PRESENCE_JWT_SECRET`.
  static String variable(String key) {
    return "PRESENCE_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /// An error about a setting, named as the one who set it knows it: by its variable, or by its
  /// place in a file.
  static ConfigurationError error(Config presence, String key, String problem) {
    var origin = presence.getValue(key).origin();
    var variable = variable(key);
    var named = origin.description().equals(variable) || DEFAULTS.equals(origin.resource());
    var where = named ? variable : "presence.%s (%s)".formatted(key, origin.description());
    return new ConfigurationError("%s: %s".formatted(where, problem));
  }

  private static Config overrides(Config defaults, Map<String, String> environment) {
    var overrides = ConfigFactory.empty();
    for (var entry : defaults.entrySet()) {
      var variable = variable(entry.getKey().substring(ROOT.length()));
      var given = environment.get(variable);
      if (given != null) {
        overrides =
            overrides.withValue(entry.getKey(), value(entry.getValue(), given.strip(), variable));
      }
    }
    return overrides;
  }

  private static ConfigValue value(ConfigValue byDefault, String given, String variable) {
    return byDefault instanceof ConfigList
        ? ConfigValueFactory.fromIterable(items(given), variable)
        : ConfigValueFactory.fromAnyRef(given, variable);
  }

  private static List<String> items(String text) {
    return Stream.of(text.split(",")).map(String::strip).filter(item -> !item.isEmpty()).toList();
  }

  /// A misspelt key would leave its default in force without a word. Environment variables are not
  /// looked at: Kubernetes sets PRESENCE_PORT and the like for a service called "presence".
  private static void refuseUnknown(Config merged, Config defaults) {
    for (var entry : merged.getConfig("presence").entrySet()) {
      if (!defaults.hasPath(ROOT + entry.getKey()) && !entry.getKey().startsWith("pieces.")) {
        throw error(merged.getConfig("presence"), entry.getKey(), "there is no such setting");
      }
    }
  }

  private static void check(Config merged, String path, ConfigValue byDefault) {
    var key = path.substring(ROOT.length());
    try {
      var problem = problem(merged, path, byDefault);
      if (!problem.isEmpty()) {
        throw error(
            merged.getConfig("presence"),
            key,
            "\"%s\" is not valid, %s".formatted(shown(merged.getValue(path)), problem));
      }
    } catch (ConfigException e) {
      throw error(merged.getConfig("presence"), key, String.valueOf(e.getMessage()));
    }
  }

  private static String problem(Config merged, String path, ConfigValue byDefault) {
    if (byDefault.valueType() == ConfigValueType.LIST) {
      var _ = merged.getStringList(path);
      return "";
    }
    var given = merged.getString(path);
    if (byDefault.valueType() == ConfigValueType.BOOLEAN) {
      return given.equals("true") || given.equals("false") ? "" : "write true or false";
    }
    if (byDefault.valueType() == ConfigValueType.NUMBER) {
      return number(path, given, ((Number) byDefault.unwrapped()).longValue());
    }
    var like = (String) byDefault.unwrapped();
    if (DURATION.matcher(like).matches()) {
      return DURATION.matcher(given).matches() && merged.getDuration(path).isPositive()
          ? ""
          : "write a duration with its unit such as " + like;
    }
    if (SIZE.matcher(like).matches()) {
      return SIZE.matcher(given).matches() && merged.getBytes(path) > 0
          ? ""
          : "write a size with its unit such as " + like;
    }
    return "";
  }

  private static String number(String path, String given, long byDefault) {
    var port = path.endsWith("-port");
    var unlimited = path.endsWith(".capacity"); // by 0
    var least = port || unlimited || byDefault == 0 ? 0 : 1;
    var most = port ? 65_535 : Integer.MAX_VALUE;
    var expected = "write a whole number from %d to %d".formatted(least, most);
    try {
      var number = Long.parseLong(given);
      return number >= least && number <= most ? "" : expected;
    } catch (NumberFormatException e) {
      return expected;
    }
  }

  private static String shown(ConfigValue value) {
    return Stream.of(String.valueOf(value.unwrapped()).split("\\R")).collect(joining(" "));
  }
}
