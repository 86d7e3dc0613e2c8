using System.Globalization;
using CortexMl.Files;
using CortexMl.Shapes;
using CortexMl.Tensors;

// NETWORK -o DIR: writes symbol and params of a network with well-known shapes and numbers from a seed. table: measures all of them, and
// others that are named, against ONNX Runtime. Exit code 0: written or measured, 2: wrong usage, or a folder that is no network.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["table", ..])
{
    if (TableOptions.Parse(args[1..]) is { } table) return SpeedTable.Print(table.Networks, table.Threads, table.Instructions);
    Console.Error.WriteLine(TableOptions.Usage);
    return 2;
}
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
var files = SeededModel.Make(options.Network, options.Batch, options.Size, options.Seed);
OutputFolder.Write(options.Folder, files.ToOutput());
Console.WriteLine($"{options.Folder}: {options.Network}, {files.Params.Length} bytes of parameters");
return 0;
