package headgate.proxy;

import headgate.proxy.admin.AdminAnswer;
import headgate.proxy.admin.AdminPage;
import headgate.proxy.admin.QuotaPage;
import headgate.proxy.admin.Readiness;
import java.util.List;

/** The table of the admin listener: what can be asked of a running gateway, one line for each page. */
final class AdminPages {
    private AdminPages() {}

    static List<AdminPage> of(ProxyServer server, Readiness readiness) {
        return List.of(
                AdminPage.get("/livez", request -> AdminAnswer.text(200, "It lives."))
                        .toEverybody(),
                AdminPage.get("/readyz", request -> readiness.answer()).toEverybody(),
                AdminPage.get("/quota", request -> QuotaPage.of(server.quotas())));
    }
}
