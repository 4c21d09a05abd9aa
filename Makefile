# Short names for what the README explains.
.PHONY: run cluster test format remember

java = mvn -q -pl cluster-node -am test-compile exec:exec -Dexec.classpathScope=test

run:
	mvn -q -pl cluster-node -am compile exec:exec

cluster:
	mvn -q -pl load-tests -am compile exec:exec -Dscenario=LocalCluster

test:
	mvn verify

format:
	$(java) \
	  -Dmain.class=presence.testkit.Format -Djvm.flags="$$(sed -n 's:.*<format.flags>\(.*\)</format.flags>.*:\1:p' pom.xml)"

remember:
	$(java) -Dmain.class=presence.cluster.WrittenBytes
