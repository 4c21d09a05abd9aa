package presence.gateway.http;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests one node, open to everybody, that all of them share; it stops after the last. Tests
/// keep out of each other's way by the names they use.
final class OpenNode implements ParameterResolver {
  static final String ADMIN = "Bearer sesame";

  private static final Namespace HERE = Namespace.create(OpenNode.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LiveNode.class;
  }

  @Override
  public LiveNode resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .computeIfAbsent(
            LiveNode.class,
            type ->
                LiveNode.with(
                    "PRESENCE_ADMIN_TOKEN", "sesame", "PRESENCE_HTTP_COMMENT_EVERY", "300ms"),
            LiveNode.class);
  }
}
