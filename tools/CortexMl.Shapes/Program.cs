using System.Globalization;
using CortexMl.Files;
using CortexMl.Shapes;
using CortexMl.Tensors;

// NETWORK -o DIR: writes symbol and params of a network with well-known shapes and numbers from a seed. Exit code 0: written, 2: wrong
// usage.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
var files = SeededModel.Make(options.Network, options.Batch, options.Size, options.Seed);
OutputFolder.Write(options.Folder, files.ToOutput());
Console.WriteLine($"{options.Folder}: {options.Network}, {files.Params.Length} bytes of parameters");
return 0;
