# The image of a node: what is in the application archive, on a Java runtime. Build the archive first:
#
#   mvn -pl cluster-node -am package && docker build -t presence:0.1.0 .
#   docker run --read-only -p 8889:8889 -v presence:/data -e PRESENCE_AUTH=open presence:0.1.0
#
# No HEALTHCHECK: who runs it asks /health/live and /health/ready, see k8s/base/deployment.yaml.
FROM eclipse-temurin:25-jre-noble AS archive
ADD cluster-node/target/presence.tar.gz /

FROM eclipse-temurin:25-jre-noble
# The layers in the order of how seldom they change. All is root's: the node can read it and not write it.
RUN install -d -o 10001 -g 10001 /data
COPY --from=archive /presence/lib /opt/presence/lib
COPY --from=archive /presence/bin /opt/presence/bin
COPY --from=archive /presence/conf /opt/presence/conf
COPY --from=archive /presence/app /opt/presence/app
USER 10001:10001
WORKDIR /data
# A node alone, for who may prove who they are; a cluster says otherwise. The journal is the only thing it writes.
ENV PRESENCE_HOST=0.0.0.0 PRESENCE_JOURNAL=h2:/data
EXPOSE 8889 7355 7626
ENTRYPOINT ["/opt/presence/bin/presence"]
