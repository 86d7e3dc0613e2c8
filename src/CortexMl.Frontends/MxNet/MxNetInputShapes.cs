using System.Collections.Immutable;
using CortexMl.Diagnostics;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet;

/// <summary>
/// Shapes of the network's inputs: given by the user, written in the symbol, determined by the first layer's weight, or those of the
/// data; the usual one where the weights are made up too.
/// </summary>
internal static class MxNetInputShapes
{
    /// <exception cref="DiagnosticException">CML0208: all inputs without a shape; CML0209: shapes for names that are no input.</exception>
    public static ImmutableSortedDictionary<string, Shape> Resolve(
        MxNetImportPlan plan, FloatParameters parameters, ImportOptions options, DiagnosticBag? notes)
    {
        var found = new DiagnosticBag();
        string inputs = Listing.Of([.. plan.Inputs.Select(i => $"'{i.Name}'")]);
        foreach (string name in options.InputShapes.Keys.Order(StringComparer.Ordinal))
            if (!plan.Inputs.Exists(i => i.Name == name))
                found.Error(FrontendCodes.UnknownInput, $"{plan.Symbol.File} has no input '{name}'", new(plan.Symbol.File),
                    inputs.Length == 0 ? "it has no inputs" : $"its inputs: {inputs}");
        var shapes = ImmutableSortedDictionary.CreateBuilder<string, Shape>(StringComparer.Ordinal);
        var unknown = new List<SymbolNode>();
        foreach (var input in plan.Inputs)
        {
            var shape = options.InputShapes.GetValueOrDefault(input.Name) ?? Written(input) ?? FromFirstLayer(plan, parameters, input);
            if (shape is not null) shapes[input.Name] = shape;
            else unknown.Add(input);
        }
        if (unknown is [var only] && !found.HasErrors && options.ShapeOfData?.Invoke(only.Name) is { } told)
        {
            shapes[only.Name] = told;
            unknown.Clear();
        }
        if (unknown is [var guessed] && !found.HasErrors && plan.Missing.Count > 0)
        {
            shapes[guessed.Name] = Usual(plan, guessed);
            notes?.Warning(FrontendCodes.AssumedShape,
                $"the shape of input '{guessed.Name}' is not known; {string.Join(',', shapes[guessed.Name])} is taken, since the parameters are made up too",
                guessed.Location, $"pass --input {guessed.Name}=SHAPE");
            unknown.Clear();
        }
        foreach (var input in unknown)
            found.Error(FrontendCodes.InputShapeUnknown, $"the shape of input '{input.Name}' is not known", input.Location,
                $"pass --input {input.Name}={Form(plan, parameters, input)}; all inputs: {inputs}");
        found.ThrowIfErrors();
        return shapes.ToImmutable();
    }

    /// <summary>What most networks of this kind take: the pixels of a digit for dense layers, else an image.</summary>
    private static Shape Usual(MxNetImportPlan plan, SymbolNode input) =>
        Users(plan, input).All(u => u.Op.Names[0] is "FullyConnected" or "Flatten") ? Shape.Of(1, 784) : Shape.Of(1, 3, 224, 224);

    /// <summary>The variable's own <c>__shape__</c>; an unknown batch counts as 1.</summary>
    private static Shape? Written(SymbolNode input)
    {
        if (!input.Attributes.TryGetValue("__shape__", out string? text) || PythonValue.Ints(text) is not { Length: > 0 } dims) return null;
        if (dims[0] is 0 or -1) dims[0] = 1;
        return Array.TrueForAll(dims, d => d is > 0 and <= int.MaxValue) ? Shape.Of(dims.Select(d => (int)d)) : null;
    }

    /// <summary>[1, K] where every user of the input is a FullyConnected with a weight [units, K].</summary>
    private static Shape? FromFirstLayer(MxNetImportPlan plan, FloatParameters parameters, SymbolNode input)
    {
        int? columns = null;
        foreach (var (user, op) in Users(plan, input))
        {
            if (op.Names[0] != "FullyConnected"
                || parameters.ShapeOf(MxNetImportPlan.ParameterName(plan.Symbol, op, user, "weight")) is not { Rank: 2 } weight)
                return null;
            if ((columns ??= weight[1]) != weight[1]) return null;
        }
        return columns is > 0 and var k ? Shape.Of(1, k) : null;
    }

    /// <summary>What can be said about the shape: the channels that the first layer takes.</summary>
    private static string Form(MxNetImportPlan plan, FloatParameters parameters, SymbolNode input)
    {
        foreach (var (user, op) in Users(plan, input))
        {
            string first = op.Names[0] == "Convolution" ? "weight" : "beta";
            if (op.Names[0] is not ("Convolution" or "BatchNorm")
                || parameters.ShapeOf(MxNetImportPlan.ParameterName(plan.Symbol, op, user, first)) is not { } shape) continue;
            int channels = op.Names[0] == "BatchNorm" && shape.Rank == 1 ? shape[0] : shape.Rank == 4 ? shape[1] : 0;
            int groups = PythonValue.Int(user.Attributes.GetValueOrDefault("num_group", "1")) is > 0 and <= 65536 and var g ? (int)g : 1;
            if (channels > 0) return $"1,{(op.Names[0] == "Convolution" ? (long)channels * groups : channels)},HEIGHT,WIDTH";
        }
        return "SHAPE, for example 1,3,224,224";
    }

    private static IEnumerable<(SymbolNode User, MxNetOp Op)> Users(MxNetImportPlan plan, SymbolNode input) =>
        plan.Symbol.Nodes.Where(n => plan.Needed[n.Index] && plan.Ops[n.Index] is not null
            && n.Inputs.Any(e => plan.Symbol.Nodes[e.Node].Name == input.Name))
            .Select(n => (n, plan.Ops[n.Index]!));
}
