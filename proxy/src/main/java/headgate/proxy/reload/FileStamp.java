package headgate.proxy.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;

/**
 * How files look from outside: when they were changed, how long they are, and which ones they are.
 *
 * <p>Links are followed, so that a directory that is swapped as a whole, as Kubernetes does with secrets, is noticed; so is a
 * file that an editor has put in the place of another.
 */
public record FileStamp(List<String> looks) {
    /** The stamp of these files; one that is missing has a stamp too. */
    public static FileStamp of(Collection<Path> files) {
        return new FileStamp(files.stream().map(FileStamp::look).toList());
    }

    private static String look(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException e) {
            return "missing";
        }
    }
}
