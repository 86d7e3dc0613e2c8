using CortexMl.Cvm.Symbol;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Cvm.Load;

/// <summary>
/// The passes over all nodes (CortexMl.Cvm/SPECIFICATION.md §6.3): shapes, then types, then precisions. A node that fails does not hide
/// what is wrong with the others: shapes go on with the recorded ones, precisions leave out what depends on an unknown one.
/// </summary>
internal sealed class Inference(NodeTable nodes, Shape[] shapes, Findings findings)
{
    private static readonly ElementType Unknown = ElementType.Integer(32);

    private readonly ElementType?[] _elements = new ElementType?[nodes.EntryCount];

    /// <summary>
    /// What rules see of each entry; an element that is not known yet is i32, which the shape and type passes do not look at.
    /// </summary>
    private readonly TensorType[] _types = [.. shapes.Select(shape => TensorType.Integer(Unknown.Precision, shape))];

    private readonly HashSet<int> _misshapen = [];

    /// <summary>Element type of each entry; complete when no finding was added.</summary>
    public IReadOnlyList<ElementType?> Elements => _elements;

    public void Run()
    {
        Each(CvmCodes.ShapeRule, CheckShapes);
        Each(CvmCodes.ElementKind, (node, spec) => CvmConvRules.CheckResultType(Proposed(node, spec)));
        for (int node = 0; node < nodes.Count; node++) InferPrecision(node);
    }

    private void Each(string code, Action<int, OpSpec> check)
    {
        for (int node = 0; node < nodes.Count; node++)
            if (nodes.Spec(node) is { } spec) Guard(node, code, () => check(node, spec));
    }

    private void CheckShapes(int node, OpSpec spec)
    {
        // Precision rules rely on shapes that fit; a node whose shapes do not is left without a precision.
        _misshapen.Add(node);
        var inferred = spec.Shapes(Proposed(node, spec));
        _misshapen.Remove(node);
        for (int output = 0; output < inferred.Count; output++)
        {
            var recorded = shapes[nodes.FirstEntry(node) + output];
            if (inferred[output] != recorded)
                findings.Logic(CvmCodes.ShapeMismatch,
                    $"{spec.CvmName}: recorded shape {recorded}, the operator gives {inferred[output]}", Location(node));
        }
    }

    private void InferPrecision(int node)
    {
        int first = nodes.FirstEntry(node);
        if (nodes.Spec(node) is not { } spec)
        {
            int precision = nodes.File.Lists.Precisions![first];
            if (precision == -1)
                findings.Logic(
                    CvmCodes.PrecisionRule, "a variable without a precision", Location(node), "its element of precision is 1..32");
            else Set(first, ElementType.Integer(precision));
            return;
        }
        if (_misshapen.Contains(node) || Inputs(node).Any(entry => _elements[entry] is null)) return;
        Guard(node, CvmCodes.PrecisionRule, () =>
        {
            var results = shapes[first..nodes.FirstEntry(node + 1)];
            var inferred = spec.Elements!(Proposed(node, spec), results);
            for (int output = 0; output < inferred.Count; output++) Set(first + output, inferred[output]);
        });
    }

    private void Guard(int node, string code, Action action)
    {
        try
        {
            action();
        }
        catch (RuleException error)
        {
            findings.Add(
                new Diagnostic(
                code, Severity.Error, $"{nodes.Spec(node)!.CvmName}: {error.Message}", Location(node), error.Hint, error.Class));
        }
    }

    private void Set(int entry, ElementType element)
    {
        _elements[entry] = element;
        _types[entry] = TensorType.Integer(element.Precision, shapes[entry]);
    }

    private ProposedOperation Proposed(int node, OpSpec spec)
    {
        var inputs = nodes.File.Nodes[node].Inputs;
        return new ProposedOperation(spec, Array.ConvertAll(inputs, input => _types[nodes.Entry(input)!.Value]), nodes.Attributes(node));
    }

    private IEnumerable<int> Inputs(int node) => nodes.File.Nodes[node].Inputs.Select(input => nodes.Entry(input)!.Value);

    private SourceLocation Location(int node) => nodes.File.Of(nodes.File.Nodes[node]);
}
