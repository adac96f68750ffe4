# Sluice in a container: built with the JDK, run on the JRE as a plain user.
#   docker build -t sluice .
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY crawler-core/pom.xml crawler-core/
COPY frontier/pom.xml frontier/
COPY fetcher/pom.xml fetcher/
COPY parser/pom.xml parser/
COPY launcher/pom.xml launcher/
COPY it/pom.xml it/
COPY bench/pom.xml bench/
# All that Maven downloads is a layer of its own, which an edit of the sources leaves alone: modules that have nothing but
# a package are built once.
RUN for module in crawler-core frontier fetcher parser launcher; do \
      mkdir -p $module/src/main/java/empty \
        && echo '/** Nothing. */ package empty;' > $module/src/main/java/empty/package-info.java || exit; \
    done \
 && ./mvnw -q -B -DskipTests -Dspotless.check.skip=true -Dexec.skip package -pl launcher -am \
 && rm -r */src */target
COPY crawler-core/src crawler-core/src
COPY frontier/src frontier/src
COPY fetcher/src fetcher/src
COPY parser/src parser/src
COPY launcher/src launcher/src
# The archive of classes belongs to one build of the JVM, and the JRE below is another.
RUN ./mvnw -q -B -DskipTests -Dspotless.check.skip=true -Dexec.skip package -pl launcher -am

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 sluice \
 && useradd --uid 10001 --gid sluice --no-create-home --home-dir /data --shell /usr/sbin/nologin sluice \
 && mkdir /data && chown sluice:sluice /data
COPY --from=build /src/launcher/target/sluice/lib /opt/sluice/lib
COPY config /opt/sluice/config
COPY docker /opt/sluice/bin
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/opt/sluice/bin/sluice"]
CMD ["--help"]
