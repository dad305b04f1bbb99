// In Elasticsearch's own package because the hook that names the plugins is package-private there.
package org.elasticsearch.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.MockPluginsService;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.plugins.PluginsService;
import org.elasticsearch.transport.netty4.Netty4Plugin;

/** A single Elasticsearch node over HTTP on loopback, from jars alone. Arguments: its folder, its HTTP port. */
public final class MeshlensElasticsearch {
  private static final class Plugins extends NodeServiceProvider {
    @Override
    PluginsService newPluginService(Environment environment, PluginsLoader loader) {
      return new MockPluginsService(environment.settings(), environment, List.of(Netty4Plugin.class));
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    LogConfigurator.configureESLogging();
    Settings.Builder settings = Settings.builder();
    Map.of(
        "path.home", folder.toString(),
        "path.data", folder.resolve("data").toString(),
        "path.logs", folder.resolve("logs").toString(),
        "network.host", "127.0.0.1",
        "http.port", arguments[1],
        "http.type", "netty4",
        "transport.type", "netty4",
        "transport.port", "0",
        "discovery.type", "single-node",
        "cluster.name", "meshlens-tests").forEach(settings::put);
    Environment environment = new Environment(settings.build(), folder.resolve("config"));
    PluginsLoader loader = PluginsLoader.createPluginsLoader(Set.of(), Set.of(), Map.of(), false);
    new Node(NodeConstruction.prepareConstruction(environment, loader, new Plugins(), true)).start();
    new CountDownLatch(1).await();
  }
}
