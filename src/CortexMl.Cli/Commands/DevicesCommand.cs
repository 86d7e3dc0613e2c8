using System.CommandLine;
using System.Globalization;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Engines;
using CortexMl.Running;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml devices</c>: what can run integer models here.</summary>
internal static class DevicesCommand
{
    private const string Description = """
        List the engines and the devices that this machine has for them.

        All of them give the same bits. ilgpu-cpu simulates a device and is slow: it is there to check generated kernels without one. opencl
        runs on any driver that offers OpenCL, for instance Debian's packages ocl-icd-libopencl1 and pocl-opencl-icd.

        Examples:
          cortexml devices
          cortexml run out --data cat.png --engine opencl --device 0
        """;

    public static Command Create(Session session)
    {
        var json = CommonOptions.Json();
        var command = new TaughtCommand("devices", Description) { json };
        command.SetAction(parsed =>
        {
            var report = EngineReport.Make();
            session.Terminal.Write(parsed.GetValue(json) ? FileSchemas.Write(report) : OpsText.Columns(report.Engines.Select(Row)));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static (string Name, string Text) Row(EngineEntry entry) =>
        (entry.Device is { } device ? string.Create(CultureInfo.InvariantCulture, $"{entry.Engine} {device}") : entry.Engine,
            (entry.Available ? "" : "none: ") + EngineReport.Describe(entry));
}
