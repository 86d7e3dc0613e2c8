using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.GpuCheck;
using CortexMl.Shapes;

// [NETWORK|FOLDER …]: with a CUDA device, verifies and measures every network there; without one, assembles the kernels of every network
// for three architectures. Seeded networks where none are named. Exit code 0: all that could be checked is right, 1: something is wrong,
// 2: wrong usage.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] networks = args.Length > 0 ? args : [.. SeededModel.Networks.Keys];
if (networks.FirstOrDefault(name => !SeededModel.Networks.ContainsKey(name) && !Directory.Exists(name)) is { } unknown)
{
    Console.Error.WriteLine($"'{unknown}' is neither a folder nor one of {string.Join(", ", SeededModel.Networks.Keys)}");
    Console.Error.WriteLine("usage: [NETWORK|FOLDER …]");
    return 2;
}
try
{
    var devices = GpuDevices.HasDriver(GpuKind.Cuda) ? GpuDevices.Of(GpuKind.Cuda) : new(GpuKind.Cuda, [], "no CUDA driver is installed");
    return devices.Devices.Count > 0 ? DeviceCheck.Run(networks, devices.Devices) : AssemblyCheck.Run(networks, devices.Why!);
}
catch (DiagnosticException error)
{
    foreach (var diagnostic in error.Diagnostics) Console.Error.WriteLine(diagnostic);
    return 2;
}
