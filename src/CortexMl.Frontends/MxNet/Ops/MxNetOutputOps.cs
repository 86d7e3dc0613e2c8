using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>The softmax family, and the losses that end a training graph: their labels are dropped.</summary>
internal static class MxNetOutputOps
{
    public static readonly MxNetOp[] Rows =
    [
        Softmax(NnSoftmax.Softmax, "softmax", "_npx_softmax"),
        Softmax(NnSoftmax.LogSoftmax, "log_softmax", "_npx_log_softmax"),
        new("SoftmaxActivation")
        {
            Doc = "nn.softmax over all but the first axis (mode instance) or over the channels (mode channel)",
            Attributes = [new("mode", "instance")],
            Import = n => [n.Attributes.Choice("mode", "instance", "channel") == "channel"
                ? n.Emit(NnSoftmax.Softmax, [n.Data()], ("axis", 1)) : Instance(n)],
        },
        new("SoftmaxOutput", "Softmax")
        {
            Doc = "nn.softmax over the channels; the label is dropped",
            Labels = ["label"],
            Attributes = [new("multi_output", "False"), new("preserve_shape", "False")],
            Import = n =>
            {
                if (n.Attributes.Bool("multi_output")) return [n.Emit(NnSoftmax.Softmax, [n.Data()], ("axis", 1))];
                return [n.Attributes.Bool("preserve_shape") ? n.Emit(NnSoftmax.Softmax, [n.Data()]) : Instance(n)];
            },
        },
        Loss(NnUnary.Identity, "LinearRegressionOutput", "MAERegressionOutput", "SVMOutput"),
        Loss(NnUnary.Sigmoid, "LogisticRegressionOutput"),
        new("MakeLoss", "make_loss") { Doc = NnUnary.Identity.Name, Import = n => [n.Emit(NnUnary.Identity, [n.Data()])] },
    ];

    private static MxNetOp Softmax(OpSpec row, params string[] names) => new(names)
    {
        Doc = $"{row.Name}; use_length False",
        Attributes = [new("axis", "-1"), new("temperature", "None", "divides the data"), new("use_length", "False", "False")],
        Import = n =>
        {
            if (n.Attributes.Bool("use_length")) throw n.Attributes.Unsupported("use_length", "False");
            var data = n.Data();
            if (n.Attributes.Text("temperature") is not null && n.Attributes.Float("temperature") is not 1.0 and var temperature)
                data = n.Step("cooled", NnBinary.Div, [data, n.Scalar(temperature)]);
            return [n.Emit(row, [data], ("axis", n.Attributes.Int("axis")))];
        },
    };

    private static MxNetOp Loss(OpSpec row, params string[] names) =>
        new(names) { Doc = $"{row.Name}; the label is dropped", Labels = ["label"], Import = n => [n.Emit(row, [n.Data()])] };

    /// <summary>Softmax over everything but the first axis, in the data's own shape.</summary>
    private static Value Instance(NodeImport n)
    {
        if (n.Rank <= 2) return n.Emit(NnSoftmax.Softmax, [n.Data()]);
        var flat = n.Step("flatten", NnShape.Flatten, [n.Data()]);
        var soft = n.Step("softmax", NnSoftmax.Softmax, [flat]);
        return n.Emit(NnShape.Reshape, [soft], ("shape", n.Data().Type.Shape));
    }
}
