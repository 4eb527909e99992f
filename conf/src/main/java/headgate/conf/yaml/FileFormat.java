package headgate.conf.yaml;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A file, found from the configuration's directory when its path is relative. */
public final class FileFormat implements Format<Path> {
    private final Path directory;
    private final Predicate<Path> fits;
    private final String expected;

    private FileFormat(Path directory, Predicate<Path> fits, String expected) {
        this.directory = directory;
        this.fits = fits;
        this.expected = expected;
    }

    /** One that is there to be read. */
    public static FileFormat readable(Path directory) {
        return new FileFormat(
                directory, file -> Files.isRegularFile(file) && Files.isReadable(file), "a file that can be read");
    }

    /** One that can be appended to, or made. */
    public static FileFormat writable(Path directory) {
        return new FileFormat(directory, FileFormat::canBeWritten, "a file that can be written");
    }

    /** One that may come and go, such as a daemon's socket. */
    public static FileFormat anywhere(Path directory) {
        return new FileFormat(directory, file -> !Files.isDirectory(file), "a file, not a directory");
    }

    private static boolean canBeWritten(Path file) {
        if (Files.exists(file)) {
            // Pipes and devices, such as /dev/stderr, take lines too.
            return !Files.isDirectory(file) && Files.isWritable(file);
        }
        Path parent = file.getParent();
        return parent != null && Files.isDirectory(parent) && Files.isWritable(parent);
    }

    @Override
    public @Nullable Path read(String text) {
        try {
            Path file = directory.resolve(text).normalize();
            return !text.isEmpty() && fits.test(file) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    @Override
    public String expected() {
        return expected;
    }
}
