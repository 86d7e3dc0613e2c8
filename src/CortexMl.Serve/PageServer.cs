using System.Net;
using System.Net.Sockets;
using CortexMl.Diagnostics;
using CortexMl.Serve.Jobs;
using CortexMl.Serve.Routes;
using CortexMl.Serve.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CortexMl.Serve;

/// <summary>The page, on this machine alone, from its start to its end.</summary>
public sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly JobStore _store;
    private readonly JobQueue _queue;
    private readonly CancellationTokenSource _stopping;

    private PageServer(WebApplication app, JobStore store, JobQueue queue, CancellationTokenSource stopping, Uri address) =>
        (_app, _store, _queue, _stopping, Address) = (app, store, queue, stopping, address);

    /// <summary>With the token.</summary>
    public Uri Address { get; }

    /// <exception cref="DiagnosticException">CML1108: the port is taken, or another page works in the folder.</exception>
    public static async Task<PageServer> StartAsync(ServeOptions options)
    {
        var store = JobStore.Open(options.Work, new UploadLimits(options.MaxUpload), options.Write);
        var stopping = new CancellationTokenSource();
        var guard = new Guard();
        var app = Built(options, guard);
        var queue = new JobQueue(store, options.Command);
        new JobRoutes(store, queue, stopping.Token).Map(app);
        PageFiles.Map(app);
        try
        {
            await app.StartAsync();
        }
        catch (Exception error) when (error is IOException or SocketException or AddressInUseException)
        {
            await queue.DisposeAsync();
            store.Dispose();
            await app.DisposeAsync();
            throw new DiagnosticException(ServeCodes.NotOpened, $"the page cannot be opened: {error.Message}",
                hint: "leave --port out, or choose another one");
        }
        guard.Port = PortOf(app);
        var address = new UriBuilder(Uri.UriSchemeHttp, IPAddress.Loopback.ToString(), guard.Port, guard.Token + "/").Uri;
        return new(app, store, queue, stopping, address);
    }

    /// <summary>Ends what is on its way; a job that runs is marked as interrupted.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _queue.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _store.Dispose();
        _stopping.Dispose();
    }

    /// <summary>A host that reads no settings: neither files nor the environment say where it listens.</summary>
    private static WebApplication Built(ServeOptions options, Guard guard)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = Path.GetFullPath(options.Work) });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Whoever reads a body counts it, and says what is allowed.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        var app = builder.Build();
        app.Use((context, next) => guard.InvokeAsync(context, _ => next(context)));
        app.UseRouting();
        return app;
    }

    private static int PortOf(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
}
