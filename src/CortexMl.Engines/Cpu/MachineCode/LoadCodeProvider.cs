using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Steps;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Groups without head, and upsampling, by code generated for them.</summary>
/// <param name="store">Where kernels of equal form are kept.</param>
internal sealed class LoadCodeProvider(CodeStore store) : KernelProvider
{
    public override int Tile => 1;

    public override bool Takes(KernelQuestion question) => question.Instructions.Code() is not null
        && LoadsProvider.IsHead(question.Group) && question.Group.Others.Count() <= CodeArguments.MostOthers;

    public override Step Make(KernelParts parts)
    {
        var (data, set) = (parts.Data.Layout, parts.Instructions.Code()!.Value);
        int[] pixels = LoadsProvider.Pixels(parts.Group, data);
        var layer = new SpanLayer(parts, pixels, new int[pixels.Length]);
        var tile = layer.Tile(set.Vectors());
        return layer.Step(store, new CodeForm
        {
            Set = set, Tile = tile.Shape, Data = data.Kind, Merged = 1, Stages = [], Result = default, ResultOffset = 0, Loads = true,
        }, tile);
    }
}
