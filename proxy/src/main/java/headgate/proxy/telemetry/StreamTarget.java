package headgate.proxy.telemetry;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes access lines one behind the other, to the end of a file or to a pipe.
 *
 * <p>A disk that is full may have room again, so the next page is tried. A file that was moved away is written to until somebody
 * says that there may be another one in its place.
 */
final class StreamTarget implements AccessTarget {
    private static final Logger LOG = LoggerFactory.getLogger(StreamTarget.class);

    private final @Nullable Path file;
    private OutputStream out;
    private @Nullable Object identity;
    private volatile boolean moved;
    private volatile @Nullable String trouble;

    /**
     * To what is open already.
     *
     * @param file where that was found; null where it is no file
     */
    StreamTarget(OutputStream out, @Nullable Path file) {
        this.out = out;
        this.file = file;
        this.identity = file == null ? null : identity(file);
    }

    /** To the end of a file, which is made where there is none. */
    static StreamTarget appending(Path file) throws IOException {
        return new StreamTarget(new FileOutputStream(file.toString(), true), file);
    }

    @Override
    public int write(AccessPage page) {
        if (moved && file != null) {
            moved = false;
            open(file);
        }
        try {
            page.writeTo(out);
            trouble = null;
            return 0;
        } catch (IOException e) {
            trouble = e.getMessage();
            return page.lines();
        }
    }

    @Override
    public @Nullable String trouble() {
        return trouble;
    }

    @Override
    public void reopen() {
        moved = true;
    }

    /** Opens what is there now, if it is another file. */
    private void open(Path file) {
        if (Objects.equals(identity, identity(file))) {
            return;
        }
        try {
            OutputStream next = new FileOutputStream(file.toString(), true);
            OutputStream before = out;
            out = next;
            identity = identity(file);
            before.close();
        } catch (IOException e) {
            LOG.warn("Access lines go on to the file that was {}: {}", file, e.getMessage());
        }
    }

    /** Which file it is; null when there is none. */
    private static @Nullable Object identity(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
