package headgate.proxy.tls;

import headgate.conf.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * How files look from outside: when they were changed, how long they are, and which ones they are.
 *
 * <p>Links are followed, so that a directory that is swapped as a whole, as Kubernetes does with secrets, is noticed.
 */
record FileStamp(List<String> looks) {
    /** The stamp of all files of a listener; one that is missing has a stamp too. */
    static FileStamp of(TlsConfig config) {
        List<Path> files = new ArrayList<>();
        for (TlsConfig.Certificate certificate : config.certificates()) {
            files.add(certificate.certificate());
            files.add(certificate.key());
        }
        TlsConfig.ClientCertificates callers = config.clientCertificates();
        if (callers != null) {
            files.add(callers.ca());
            if (callers.crl() != null) {
                files.add(callers.crl());
            }
        }
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
