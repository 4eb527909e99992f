package headgate.proxy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import headgate.proxy.telemetry.AccessLog;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The house's rules that a machine can check; each says its reason when it is broken. */
final class RulesTest {
    private static final int LINES_MAX = 300;
    private static final Set<String> WAITS = Set.of(
            "get", "join", "sync", "syncUninterruptibly", "await", "awaitUninterruptibly", "put", "take", "poll");
    private static final List<Class<?>> WAITED_FOR =
            List.of(Future.class, CountDownLatch.class, BlockingQueue.class, Thread.class);
    /** Its own thread waits for lines, and the one that stops the program waits for that; no event loop does. */
    private static final Class<?> MAY_WAIT = AccessLog.class;

    private static final String TESTS =
            String.valueOf(RulesTest.class.getProtectionDomain().getCodeSource().getLocation());
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains(TESTS))
            .importPackages("headgate");
    /** A sentence with a full stop, in front of any tag. */
    private static final Pattern IDEA =
            Pattern.compile("^/\\*\\*\\s(?:(?!\n\\s*\\*\\s@).)*?\\w.{0,3}\\.\\s", Pattern.DOTALL);

    private static final List<SourceFile> SOURCES = SourceFile.all();

    @Test
    void packagesHaveNoCycles() {
        slices().matching("headgate.(**)")
                .should()
                .beFreeOfCycles()
                .because("a room that cannot be understood without the next one is not a room")
                .check(CLASSES);
    }

    @Test
    void modulesLookInOneDirection() {
        mayNotUse("headgate.conf..", "headgate.filters..", "headgate.proxy..", "headgate.loadtest..");
        mayNotUse("headgate.filters..", "headgate.proxy..", "headgate.loadtest..");
        mayNotUse("headgate.proxy..", "headgate.loadtest..");
        mayNotUse("headgate.loadtest..", "headgate.conf..", "headgate.filters..", "headgate.proxy..");
    }

    @Test
    void onlyClassesNamedForRedisKnowItsLibrary() {
        noClasses()
                .that()
                .haveSimpleNameNotContaining("Redis")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .because("the gateway runs without Redis, and what can block on the network must be seen by its name")
                .check(CLASSES);
    }

    @Test
    void nothingIsKeptInAttributes() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(AttributeKey.class)
                .because("connection state comes by constructor, request state is in the typed Exchange")
                .check(CLASSES);
    }

    @Test
    void nothingOnAnEventLoopWaits() {
        noClasses()
                .that()
                .resideInAnyPackage("headgate.filters..", "headgate.proxy.*..")
                .and()
                .areNotAssignableTo(MAY_WAIT)
                .should()
                .callMethodWhere(describe("it waits", RulesTest::waits))
                .because("one that waits stops every exchange of its loop")
                .check(CLASSES);
    }

    @Test
    void handlersAreNamedSo() {
        classes()
                .that(assignableTo(ChannelHandler.class)
                        .and(DescribedPredicate.not(assignableTo(ChannelInitializer.class)))
                        .and(describe("have a name", type -> !type.isAnonymousClass())))
                .should()
                .haveSimpleNameEndingWith("Handler")
                .orShould()
                .haveSimpleNameEndingWith("Connection")
                .because(
                        "whoever reads a pipeline must know what stands in it; a connection is a handler that others hold")
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)(\\$.*)?")
                .orShould()
                .haveNameMatching(".*[.$]Base[A-Z].*")
                .orShould()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..manager..", "..impl..", "..base..")
                .because("such a name fits everything, so it says nothing")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarkedAndSaysWhatItIsFor() {
        List<String> unmarked = SOURCES.stream()
                .filter(SourceFile::isMain)
                .filter(file -> SOURCES.stream()
                        .noneMatch(info -> info.isMain()
                                && info.isPackageInfo()
                                && info.folder().equals(file.folder())
                                && info.text().contains("\n@NullMarked\n")
                                && info.text().startsWith("/**")))
                .map(SourceFile::folder)
                .distinct()
                .toList();
        assertThat(unmarked)
                .as("every package has a package-info with Javadoc and @NullMarked: null is not a surprise, and a room"
                        + " says who may enter")
                .isEmpty();
    }

    @Test
    void aFileIsOneIdea() {
        assertThat(broken(file -> file.lines() > LINES_MAX))
                .as("no file has more than %d lines: what does not fit is more than one idea", LINES_MAX)
                .isEmpty();
    }

    @Test
    void everyTypeSaysItsIdeaInTheFirstSentence() {
        assertThat(broken(file -> file.isMain()
                        && !file.isPackageInfo()
                        && !IDEA.matcher(file.typeDoc()).find()))
                .as(
                        "a type's Javadoc begins with a sentence that says its idea: a reader decides by it whether to go on")
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        Pattern marks = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b|@" + "author\\b");
        assertThat(broken(file -> marks.matcher(file.text()).find()))
                .as("no marks for later and no author tags: history is in the commits, work to do is in the issues")
                .isEmpty();
    }

    @Test
    void noTestIsSwitchedOff() {
        Pattern off = Pattern.compile("@" + "Disabled\\b|\\bassume" + "(True|False|That|ThatCode|NoException)\\(");
        assertThat(broken(file -> !file.isMain() && off.matcher(file.text()).find()))
                .as("no test is switched off or assumed away: one that does not run cannot fail")
                .isEmpty();
    }

    private static List<String> broken(Predicate<SourceFile> rule) {
        assertThat(SOURCES).as("the sources of all modules are found").hasSizeGreaterThan(100);
        return SOURCES.stream().filter(rule).map(SourceFile::toString).toList();
    }

    private static void mayNotUse(String module, String... others) {
        noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because(
                        "conf <- filters <- proxy, and loadtest apart: what is below must be usable without what is above")
                .check(CLASSES);
    }

    private static boolean waits(JavaMethodCall call) {
        JavaClass owner = call.getTargetOwner();
        String name = call.getName();
        if (owner.isEquivalentTo(Thread.class) && name.equals("sleep")) {
            return true;
        }
        return WAITS.contains(name) && WAITED_FOR.stream().anyMatch(owner::isAssignableTo);
    }
}
