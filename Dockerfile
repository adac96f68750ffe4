# Sluice in a container: built with the JDK, run on the JRE as a plain user.
#   docker build -t sluice .
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY crawler-core crawler-core
COPY frontier frontier
COPY fetcher fetcher
COPY parser parser
COPY launcher launcher
COPY it/pom.xml it/
COPY bench/pom.xml bench/
RUN ./mvnw -q -B -DskipTests -Dspotless.check.skip=true package -pl launcher -am

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 sluice \
 && useradd --uid 10001 --gid sluice --no-create-home --home-dir /data --shell /usr/sbin/nologin sluice \
 && mkdir /data && chown sluice:sluice /data
COPY --from=build /src/launcher/target/sluice/lib /opt/sluice/lib
COPY config /opt/sluice/config
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
# A full heap aborts the JVM, as under the supervisor: nothing is in order after it.
ENTRYPOINT ["java", "-XX:+CrashOnOutOfMemoryError", "-XX:-CreateCoredumpOnCrash", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:MaxRAMPercentage=50", "--enable-native-access=ALL-UNNAMED", "-Dio.netty.allocator.type=pooled", "-Dio.lettuce.core.iouring=false", "-cp", "/opt/sluice/lib/*", "io.sluice.launcher.Main"]
CMD ["--help"]
