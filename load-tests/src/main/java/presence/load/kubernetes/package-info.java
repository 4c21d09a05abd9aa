/// As much of Kubernetes as nodes notice: its API, and pods that come and go as its manifests say.
@NullMarked
package presence.load.kubernetes;

import org.jspecify.annotations.NullMarked;
