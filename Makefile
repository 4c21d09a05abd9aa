# Short names for what the README explains.
.PHONY: run test format

run:
	mvn -q -pl cluster-node -am compile exec:exec

test:
	mvn verify

format:
	mvn -q -pl cluster-node -am test-compile exec:exec -Dexec.classpathScope=test \
	  -Dmain.class=presence.testkit.Format -Djvm.flags="$$(sed -n 's:.*<format.flags>\(.*\)</format.flags>.*:\1:p' pom.xml)"
