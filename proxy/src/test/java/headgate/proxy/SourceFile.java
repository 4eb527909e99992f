package headgate.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One Java file of any module, as text. */
record SourceFile(Path path, String text) {
    private static final Pattern TYPE = Pattern.compile(
            "^(?:public |abstract |sealed |non-sealed |final )*(?:class|interface|enum|record|@interface) ",
            Pattern.MULTILINE);

    /** All files of all modules, whichever of them the tests run in. */
    static List<SourceFile> all() {
        try (Stream<Path> files = Files.walk(project())) {
            return files.filter(SourceFile::isSource).map(SourceFile::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isMain() {
        return toString().contains("/src/main/java/");
    }

    boolean isPackageInfo() {
        return path.endsWith("package-info.java");
    }

    String folder() {
        return String.valueOf(path.getParent());
    }

    /** The comment in front of the file's type; empty without one. */
    String typeDoc() {
        Matcher declaration = TYPE.matcher(text);
        if (!declaration.find()) {
            return "";
        }
        int doc = text.lastIndexOf("\n/**", declaration.start());
        return doc < 0 ? "" : text.substring(doc + 1, declaration.start());
    }

    long lines() {
        return text.lines().count();
    }

    @Override
    public String toString() {
        return path.toString().replace('\\', '/');
    }

    /** The directory of all modules: the nearest one above that has the module of the gates. */
    private static Path project() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("filters/src/main/java"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("the tests do not run inside the project");
            }
        }
        return directory;
    }

    private static boolean isSource(Path path) {
        String name = path.toString().replace('\\', '/');
        return name.endsWith(".java") && (name.contains("/src/main/java/") || name.contains("/src/test/java/"));
    }

    private static SourceFile read(Path path) {
        try {
            return new SourceFile(path, Files.readString(path).replace("\r\n", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
