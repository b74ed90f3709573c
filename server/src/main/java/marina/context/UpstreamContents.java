package marina.context;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.PoolConfig;
import marina.config.Secrets;
import marina.config.Template;
import marina.proxy.ForwardPolicy;
import marina.proxy.ForwardTarget;
import marina.proxy.Forwarder;
import marina.upstream.Pool;
import marina.upstream.Pools;
import marina.user.Clients;
import marina.valve.HeaderRules;
import org.eclipse.jetty.server.Request;

/** Makes the content of contexts whose requests go to servers that somebody else runs: one, or a pool of them. Thread-safe. */
final class UpstreamContents {
    private final Forwarder forwarder;
    private final Delivery delivery;
    private final StatusPages pages;
    private final Pools pools;

    /**
     * What upstreams are made of.
     *
     * @param keyFile signs the cookies of pools; made when it is first needed
     */
    UpstreamContents(ContextFactory.Parts parts, Delivery delivery, ScheduledExecutorService scheduler, Path keyFile) {
        this.forwarder = parts.forwarder();
        this.delivery = delivery;
        this.pages = parts.pages();
        this.pools = new Pools(new Pools.Parts(
                forwarder, parts.server().getThreadPool(), scheduler, keyFile, UpstreamContents::client));
    }

    /** The content of a context. */
    ContextContent create(ContextConfig config, Content.Upstream upstream) {
        return upstream.pool().members().isEmpty() ? single(config, upstream.url()) : pool(config, upstream.pool());
    }

    private ContextContent single(ContextConfig config, URI url) {
        ForwardTarget target = target(config.path(), url).with(delivery.policy(config));
        UpstreamAlarm alarm = new UpstreamAlarm(where(config), url);
        return new DirectContent(
                (request, response, callback) -> {
                    alarm.watch(request);
                    return forwarder.forward(target, request, response, callback);
                },
                true,
                Secrets.maskUrl(url.toString()),
                () -> CompletableFuture.completedFuture(null));
    }

    private ContextContent pool(ContextConfig config, PoolConfig members) {
        UpstreamAlarm alarm = UpstreamAlarm.ofMembers(where(config), config.path());
        Pool pool = pools.create(
                new Pools.Place(
                        where(config),
                        config.path(),
                        member -> target(config.path(), member.url()).with(policy(config, members, member)),
                        (failure, request, response, callback) -> {
                            if (failure != null) {
                                UpstreamAlarm.failed(request, failure);
                            }
                            pages.unavailable(request, response, callback);
                        }),
                members);
        String addresses = members.members().stream()
                .map(member -> Secrets.maskUrl(member.url().toString()))
                .collect(Collectors.joining(" "));
        return new DirectContent(
                (request, response, callback) -> {
                    alarm.watch(request);
                    return pool.handle(request, response, callback);
                },
                addresses,
                pool);
    }

    private static String where(ContextConfig config) {
        return config.source() + ": context " + config.path();
    }

    /** That of the context, with the host of the member, which comes last. */
    private ForwardPolicy policy(ContextConfig config, PoolConfig pool, PoolConfig.Member member) {
        ForwardPolicy policy = delivery.policy(config).withPing(pool.websocketPing());
        return member.host().isEmpty()
                ? policy
                : policy.with(HeaderRules.of(
                        withHost(config.access().delivery().headers().request(), member.host())));
    }

    private static Map<String, Template> withHost(Map<String, Template> fields, String host) {
        Map<String, Template> all = fields.entrySet().stream()
                .filter(field -> !field.getKey().equalsIgnoreCase("Host"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        all.put("Host", Template.literal(host));
        return all;
    }

    /** nginx's rule: a path in the URL, even a lone slash, replaces the context path; without one it is passed on. */
    private static ForwardTarget target(ContextPath path, URI url) {
        String replacement = url.getRawPath();
        if (replacement == null || replacement.isEmpty()) {
            return ForwardTarget.to(url);
        }
        String strip = path.isRoot() ? "" : path.value();
        String prepend = replacement.endsWith("/") ? replacement.substring(0, replacement.length() - 1) : replacement;
        return new ForwardTarget(url, strip, prepend, strip);
    }

    /** The same number for all addresses of a client. */
    private static long client(Request request) {
        SocketAddress remote = request.getConnectionMetaData().getRemoteSocketAddress();
        if (!(remote instanceof InetSocketAddress inet)) {
            return 0;
        }
        InetAddress address = inet.getAddress();
        return address == null ? inet.getHostString().hashCode() : Clients.key(address);
    }
}
