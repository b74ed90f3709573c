package marina.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of spans to the collector: a queue that is never waited for, and a thread that empties it. What finds it full is dropped
 * and counted, and so is what the collector does not take. Thread-safe.
 */
final class SpanQueue implements SpanProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 512;

    private final String endpoint;
    private final int most;
    private final BatchSpanProcessor batches;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean away = new AtomicBoolean();
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /**
     * To a collector.
     *
     * @param endpoint its URL, for messages
     * @param most spans that may wait
     */
    SpanQueue(SpanExporter exporter, String endpoint, int most) {
        this.endpoint = endpoint;
        this.most = most;
        // Its own bound is never reached: it would drop without a word.
        batches = BatchSpanProcessor.builder(new Counted(exporter))
                .setMaxQueueSize(2 * most)
                .setMaxExportBatchSize(Math.min(most, MOST_AT_ONCE))
                .setScheduleDelay(PAUSE)
                .build();
    }

    /** Spans that the collector has taken. */
    long sent() {
        return sent.sum();
    }

    /** Spans that it never got. */
    long dropped() {
        return dropped.sum();
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            dropped.increment();
        } else {
            batches.onEnd(span);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode forceFlush() {
        return batches.forceFlush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return batches.shutdown();
    }

    private void finished(int count, CompletableResultCode result) {
        if (result.isSuccess()) {
            sent.add(count);
            if (away.compareAndSet(true, false)) {
                LOG.info("Tracing: {} takes spans again", endpoint);
            }
            return;
        }
        dropped.add(count);
        if (away.compareAndSet(false, true)) {
            Throwable failure = result.getFailureThrowable();
            LOG.warn(
                    "Tracing: {} does not take spans, which are dropped until it does: {}",
                    endpoint,
                    failure == null ? "see its log" : root(failure).toString());
        }
    }

    /** What has gone wrong in the end, without those that pass it on. */
    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (Throwable next = root.getCause(); next != null; next = next.getCause()) {
            root = next;
        }
        return root;
    }

    /** Counts what leaves the queue, and what becomes of it. */
    private final class Counted implements SpanExporter {
        private final SpanExporter exporter;

        Counted(SpanExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            int count = spans.size();
            waiting.addAndGet(-count);
            CompletableResultCode result = exporter.export(spans);
            return result.whenComplete(() -> finished(count, result));
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }
}
