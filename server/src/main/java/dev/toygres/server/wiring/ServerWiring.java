package dev.toygres.server.wiring;

import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.alert.Alerts;
import dev.toygres.orchestrations.alert.Notifications;
import dev.toygres.orchestrations.backup.Backups;
import dev.toygres.orchestrations.drill.Drills;
import dev.toygres.orchestrations.failover.Failovers;
import dev.toygres.orchestrations.health.Monitors;
import dev.toygres.orchestrations.host.Hosts;
import dev.toygres.orchestrations.instance.Instances;
import dev.toygres.orchestrations.parameter.Parameters;
import dev.toygres.orchestrations.replica.Replicas;
import dev.toygres.orchestrations.restore.Restores;
import dev.toygres.orchestrations.secret.Secrets;
import dev.toygres.server.alert.AlertsController;
import dev.toygres.server.alert.NotificationTargetsController;
import dev.toygres.server.audit.AuditController;
import dev.toygres.server.backup.BackupsController;
import dev.toygres.server.backup.DrillsController;
import dev.toygres.server.backup.RestoresController;
import dev.toygres.server.backup.ScheduleController;
import dev.toygres.server.edge.Calls;
import dev.toygres.server.edge.Doorkeeper;
import dev.toygres.server.edge.Edge;
import dev.toygres.server.edge.ErrorAdvice;
import dev.toygres.server.edge.FailureLimit;
import dev.toygres.server.edge.Idempotency;
import dev.toygres.server.edge.KnownParameters;
import dev.toygres.server.edge.OpenApiController;
import dev.toygres.server.edge.ProblemValve;
import dev.toygres.server.edge.Problems;
import dev.toygres.server.edge.StrictDurations;
import dev.toygres.server.failover.FailoversController;
import dev.toygres.server.health.HealthController;
import dev.toygres.server.host.HostsController;
import dev.toygres.server.instance.InstancesController;
import dev.toygres.server.monitor.Absence;
import dev.toygres.server.operation.AcceptedOperation;
import dev.toygres.server.operation.EventsController;
import dev.toygres.server.operation.Nudges;
import dev.toygres.server.operation.OperationFeed;
import dev.toygres.server.operation.OperationJson;
import dev.toygres.server.operation.OperationsController;
import dev.toygres.server.operation.PollingFeed;
import dev.toygres.server.options.ServerOptions;
import dev.toygres.server.parameter.ParametersController;
import dev.toygres.server.replica.ReplicasController;
import dev.toygres.server.secret.SecretsController;
import dev.toygres.server.token.TokensController;
import dev.toygres.store.access.AuditLog;
import dev.toygres.store.access.IdempotencyKeys;
import dev.toygres.store.access.Tokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** REST and its edge. Knows nothing of where tokens and operations are kept. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
public class ServerWiring {
    private static final int FAILED_LOGINS = 10;
    private static final int ANONYMOUS_CALLS = 60;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TWIN_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LOOK_BETWEEN_NUDGES = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    /** Strict: what we do not understand is the caller's mistake, and he is told. */
    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return json ->
                json.enable(
                                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                                DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .addModule(StrictDurations.module())
                        .withCoercionConfig(
                                LogicalType.Textual,
                                text ->
                                        text.setCoercion(
                                                        CoercionInputShape.Integer,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Float,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Boolean,
                                                        CoercionAction.Fail));
    }

    @Bean
    Problems problems(JsonMapper json) {
        return new Problems(json);
    }

    @Bean
    ErrorAdvice errorAdvice(Problems problems) {
        return new ErrorAdvice(problems);
    }

    /** Metrics need no token where only this machine can ask for them. */
    @Bean
    Calls calls(ServerOptions options) {
        return Calls.table(options.onLoopbackOnly());
    }

    @Bean
    Doorkeeper doorkeeper(
            Tokens tokens, InstantSource clock, MeterRegistry metrics, Absence absence) {
        return new Doorkeeper(
                tokens,
                new FailureLimit(FAILED_LOGINS, MINUTE, clock),
                new FailureLimit(ANONYMOUS_CALLS, MINUTE, clock),
                clock,
                metrics,
                absence);
    }

    /** The bean's name is the name of the component in the health answer. */
    @Bean("standingHealthIndicator")
    HealthIndicator standing(Absence absence) {
        return () ->
                absence.reason().isEmpty() ? Health.up().build() : Health.outOfService().build();
    }

    @Bean
    FilterRegistrationBean<Edge> edge(
            Calls calls,
            Doorkeeper doorkeeper,
            AuditLog audit,
            IdempotencyKeys keys,
            Problems problems,
            Operations operations,
            OperationJson json) {
        UnaryOperator<String> shown =
                id -> json.text(json.shown(operations.find(id).orElseThrow()));
        var filter =
                new FilterRegistrationBean<>(
                        new Edge(
                                calls,
                                doorkeeper,
                                audit,
                                new Idempotency(keys, TWIN_PATIENCE, shown),
                                problems));
        // inside of what measures requests, outside of everything else
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return filter;
    }

    @Bean
    WebMvcConfigurer knownParameters() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new KnownParameters());
            }
        };
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfTomcat() {
        return factory ->
                factory.addContextCustomizers(
                        context -> {
                            if (context.getParent() instanceof StandardHost host) {
                                host.setErrorReportValveClass(ProblemValve.class.getName());
                            }
                        });
    }

    @Bean
    OpenApiController openApi() {
        return new OpenApiController();
    }

    @Bean
    OperationJson operationJson(JsonMapper json) {
        return new OperationJson(json);
    }

    @Bean
    AcceptedOperation acceptedOperation(Operations operations, OperationJson json) {
        return new AcceptedOperation(operations, json);
    }

    @Bean
    OperationFeed operationFeed(Operations operations, Optional<Nudges> nudges) {
        return new PollingFeed(
                operations,
                nudges.orElse(Nudges.NONE),
                nudges.isPresent() ? LOOK_BETWEEN_NUDGES : LOOK);
    }

    @Bean
    OperationsController operationsController(
            Operations operations, OperationJson json, AcceptedOperation accepted) {
        return new OperationsController(operations, json, accepted);
    }

    @Bean
    EventsController eventsController(
            Operations operations, OperationFeed feed, OperationJson json) {
        return new EventsController(operations, feed, json, HEARTBEAT);
    }

    @Bean
    InstancesController instancesController(
            Instances instances, Parameters parameters, AcceptedOperation accepted) {
        return new InstancesController(instances, parameters, accepted);
    }

    @Bean
    ReplicasController replicasController(Replicas replicas, AcceptedOperation accepted) {
        return new ReplicasController(replicas, accepted);
    }

    @Bean
    FailoversController failoversController(Failovers failovers, AcceptedOperation accepted) {
        return new FailoversController(failovers, accepted);
    }

    @Bean
    AlertsController alertsController(Alerts alerts) {
        return new AlertsController(alerts);
    }

    @Bean
    NotificationTargetsController notificationTargetsController(Notifications notifications) {
        return new NotificationTargetsController(notifications);
    }

    @Bean
    ParametersController parametersController(Parameters parameters, AcceptedOperation accepted) {
        return new ParametersController(parameters, accepted);
    }

    @Bean
    HealthController healthController(Monitors monitors) {
        return new HealthController(monitors);
    }

    @Bean
    BackupsController backupsController(Backups backups, AcceptedOperation accepted) {
        return new BackupsController(backups, accepted);
    }

    @Bean
    ScheduleController scheduleController(Backups backups, AcceptedOperation accepted) {
        return new ScheduleController(backups, accepted);
    }

    @Bean
    DrillsController drillsController(Drills drills, AcceptedOperation accepted) {
        return new DrillsController(drills, accepted);
    }

    @Bean
    RestoresController restoresController(Restores restores, AcceptedOperation accepted) {
        return new RestoresController(restores, accepted);
    }

    @Bean
    SecretsController secretsController(Secrets secrets) {
        return new SecretsController(secrets);
    }

    @Bean
    HostsController hostsController(Hosts hosts) {
        return new HostsController(hosts);
    }

    @Bean
    TokensController tokensController(Tokens tokens, InstantSource clock) {
        return new TokensController(tokens, clock);
    }

    @Bean
    AuditController auditController(AuditLog log) {
        return new AuditController(log);
    }
}
